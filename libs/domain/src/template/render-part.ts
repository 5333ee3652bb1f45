import type { Platform } from '../platform.js';
import type { SpaceSnapshot } from '../space/snapshot.js';
import { renderTemplate, type TemplateFormat } from './render-template.js';
import { snapshotTemplateData } from './snapshot-template-data.js';

/**
 * One of a template's texts over a space's data, escaped for what it is written in: what a start makes of it, and what a
 * try-out shows.
 * @throws TemplateError
 */
export function renderPart(
  part: 'job' | 'volumes',
  snapshot: Pick<SpaceSnapshot, 'platform' | 'job' | 'volumes' | 'data'>,
): string {
  const format = part === 'job' ? jobFormat(snapshot.platform, snapshot.job) : 'yaml';
  return renderTemplate(snapshot[part], snapshotTemplateData(snapshot.data), { format });
}

/** Nomad takes HCL and JSON; a text that begins as JSON is JSON. */
function jobFormat(platform: Platform, job: string): TemplateFormat {
  if (platform !== 'nomad') return 'yaml';
  return job.trimStart().startsWith('{') ? 'json' : 'hcl';
}
