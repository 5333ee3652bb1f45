import type { Rendered, SpaceSnapshot, VolumeRef } from '@knot/domain';
import { renderTemplate, snapshotTemplateData, TemplateError, type TemplateFormat } from '@knot/domain/template';
import type { Driver, WorkloadSpec } from '@knot/drivers';
import { isKnotError, KnotError } from '@knot/shared/errors';
import { misfortuneOf } from './failure.js';

/** Rendered texts kept: enough for what is being started or looked at in turn, bounded whatever there is. */
const MOST = 256;

export interface RenderedText {
  readonly job: string;
  readonly volumes: string;
}

interface Kept {
  readonly text: RenderedText;
  refs: readonly VolumeRef[] | null;
}

/** Renders frozen snapshots, each once as long as it is remembered: the same snapshot always makes the same text. */
export class Rendering {
  private readonly kept = new Map<string, Kept>();

  /** Throws `template.syntax` or `template.render`. */
  text(snapshot: SpaceSnapshot): RenderedText {
    return this.get(snapshot).text;
  }

  /** The volumes the rendered template asks for; what is wrong with the template is an answer, no error. */
  async volumes(snapshot: SpaceSnapshot, spec: WorkloadSpec, driver: Driver, signal: AbortSignal): Promise<Rendered> {
    const kept = this.get(snapshot);
    try {
      kept.refs ??= await driver.volumesOf(spec, signal);
      return { ok: true, volumes: kept.refs };
    } catch (error) {
      const { failure, terminal } = misfortuneOf(error);
      if (!terminal) throw error;
      return { ok: false, trouble: failure.trouble };
    }
  }

  private get(snapshot: SpaceSnapshot): Kept {
    // The space's id is part of what is hashed; in the key it makes sure that no two spaces ever share a text.
    const key = `${snapshot.data.space.id}/${snapshot.hash}`;
    const known = this.kept.get(key);
    if (known) return known;
    const data = snapshotTemplateData(snapshot.data);
    const fresh: Kept = {
      text: {
        job: rendered('job', () => renderTemplate(snapshot.job, data, { format: jobFormat(snapshot) })),
        volumes: rendered('volumes', () => renderTemplate(snapshot.volumes, data, { format: 'yaml' })),
      },
      refs: null,
    };
    const oldest = this.kept.keys().next();
    if (this.kept.size >= MOST && !oldest.done) this.kept.delete(oldest.value);
    this.kept.set(key, fresh);
    return fresh;
  }
}

/** Nomad takes HCL and JSON; a text that begins as JSON is JSON. */
export function jobFormat({ platform, job }: Pick<SpaceSnapshot, 'platform' | 'job'>): TemplateFormat {
  if (platform !== 'nomad') return 'yaml';
  return job.trimStart().startsWith('{') ? 'json' : 'hcl';
}

function rendered(part: 'job' | 'volumes', work: () => string): string {
  try {
    return work();
  } catch (error) {
    if (isKnotError(error) || !(error instanceof TemplateError)) throw error;
    const { kind, line, column, message, hint } = error;
    const code = kind === 'syntax' ? 'template.syntax' : 'template.render';
    const text = `The ${part} of the template, line ${line}, column ${column}: ${message}.`;
    throw new KnotError(code, text, hint, { part, line, column });
  }
}
