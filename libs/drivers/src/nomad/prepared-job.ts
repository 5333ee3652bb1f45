import { createHash } from 'node:crypto';
import { backendName } from '@knot/domain';
import type { WorkloadSpec } from '../driver.js';
import { withEnvironment } from './environment.js';
import { parseJobText } from './job-text.js';
import type { JsonObject } from './json.js';
import type { NomadClient } from './nomad-client.js';
import { checkPolicy } from './policy.js';
import { namespaceOf, rewriteJob, type Place } from './rewrite.js';
import { parseVolumeDefinitions, type VolumeDefinition } from './volume-definition.js';

export interface PreparedJob {
  readonly id: string;
  readonly job: JsonObject;
  readonly volumes: readonly VolumeDefinition[];
}

const REMEMBERED = 128;
/** Parsed texts are as large as their jobs, and the same text for many spaces is one of few templates. */
const TEXTS_REMEMBERED = 16;

/** Specs as Nomad takes them. The last ones are remembered, as one step of a space is soon followed by the next. */
export class PreparedJobs {
  private readonly remembered = new Map<string, PreparedJob>();
  /** Nomad's reading of a text, by the text: spaces whose template names nothing of their own share one. Never changed. */
  private readonly parsed = new Map<string, JsonObject>();
  /** What is being prepared at the moment. */
  private readonly begun = new Map<string, Promise<PreparedJob>>();

  constructor(
    private readonly client: NomadClient,
    private readonly place: Place,
  ) {}

  async prepare(spec: WorkloadSpec, signal: AbortSignal): Promise<PreparedJob> {
    const key = keyOf(spec);
    return this.remembered.get(key) ?? this.begun.get(key) ?? this.make(key, spec, signal);
  }

  /** A failure is told by the `prepare` that waits for it, or comes again to the next. */
  anticipate(spec: WorkloadSpec, signal: AbortSignal): void {
    const key = keyOf(spec);
    if (this.remembered.has(key) || this.begun.has(key)) return;
    const made = this.make(key, spec, signal).finally(() => this.begun.delete(key));
    made.catch(() => undefined);
    this.begun.set(key, made);
  }

  private async make(key: string, spec: WorkloadSpec, signal: AbortSignal): Promise<PreparedJob> {
    const volumes = this.volumesOf(spec);
    const parsed = this.parsed.get(spec.job) ?? (await parseJobText(this.client, spec.job, signal));
    keep(this.parsed, TEXTS_REMEMBERED, spec.job, parsed);
    const job = rewriteJob(parsed, spec, volumes, this.place);
    const own = { space: spec.mark.space, volumes: new Set(volumes.map(({ backendId }) => backendId)) };
    checkPolicy(job, spec.policy, own);
    const prepared = { id: backendName(spec.mark.space), job: withEnvironment(job, spec), volumes };
    return keep(this.remembered, REMEMBERED, key, prepared);
  }

  volumesOf({ volumes, mark }: WorkloadSpec): readonly VolumeDefinition[] {
    const definitions = parseVolumeDefinitions(volumes, mark.space);
    for (const { namespace, name } of definitions) namespaceOf(namespace, this.place, `The volume ${name}`);
    return definitions;
  }
}

/** Puts the entry last; the first goes when there are too many. */
function keep<T>(kept: Map<string, T>, most: number, key: string, value: T): T {
  kept.delete(key);
  kept.set(key, value);
  const [oldest] = kept.keys();
  if (kept.size > most && oldest !== undefined) kept.delete(oldest);
  return value;
}

/** All that the prepared job depends on. */
function keyOf({ mark, display, job, volumes, policy, environment }: WorkloadSpec): string {
  return createHash('sha256')
    .update(JSON.stringify([mark, display, job, volumes, policy, environment !== undefined]))
    .digest('base64');
}
