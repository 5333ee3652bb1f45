import { resolve } from 'node:path';
import { isKnotError, isSystemError, KnotError } from '@knot/shared/errors';
import type { Mark, Observation, ObservedVolume, Scope, TimelineEvent, VolumeRef } from '@knot/domain';
import { throwIfGivenUp, type DriverClock } from '../clock.js';
import type {
  BackendLock,
  Driver,
  DriverHealth,
  MarkedObject,
  ObserveRequest,
  PlanReport,
  WorkloadSpec,
} from '../driver.js';
import { FileLock } from './file-lock.js';
import { healthOf, missingFunctions } from './local-health.js';
import { parseLocalJob } from './local-job.js';
import { LocalLooks } from './local-looks.js';
import { LocalSpaces, type LocalFailpoint } from './local-spaces.js';
import { LocalWatch } from './local-watch.js';
import { ProcessTable } from './processes.js';
import { driftOf } from './sight.js';
import { timelineOf } from './timeline.js';
import { inScope, VolumeFolders } from './volume-folders.js';
import { parseVolumeNames } from './volumes-text.js';

export interface LocalDriverOptions {
  readonly scope: Scope;
  /** Folder of the spaces, `server.local.path`. Several locations may share one. */
  readonly path: string;
  readonly clock: DriverClock;
  /** What every space's environment holds beside the clean minimum (KNOT_SERVER ...). Never the leaf's own. */
  readonly environment?: Readonly<Record<string, string>>;
  /** How long a run without a check must live to be called healthy, ms; 1,000 when left out. */
  readonly settleMs?: number;
  /** How often life is looked at, ms; 1,000 when left out. */
  readonly pollMs?: number;
  readonly platform?: NodeJS.Platform;
  /** Where fault tests strike. */
  readonly failpoint?: (name: LocalFailpoint) => Promise<void> | undefined;
}

/**
 * Spaces as process groups of this machine, each in a folder of its own; no isolation. They outlive the leaf and are
 * found again by the mark in their folder and by pid, start time and boot id.
 */
export function createLocalDriver(options: LocalDriverOptions): Driver {
  return new LocalDriver(options);
}

class LocalDriver implements Driver {
  readonly platform = 'local';
  private readonly root: string;
  private readonly scope: Scope;
  private readonly clock: DriverClock;
  private readonly table = new ProcessTable();
  private readonly system: NodeJS.Platform;
  private readonly pollMs: number;
  private readonly volumes: VolumeFolders;
  private readonly spaces: LocalSpaces;
  private readonly looks: LocalLooks;
  private readonly watchers = new Set<(space: string) => void>();

  constructor(options: LocalDriverOptions) {
    const { scope, path, clock, environment = {}, settleMs = 1_000, pollMs = 1_000, failpoint } = options;
    this.root = resolve(path);
    this.scope = scope;
    this.clock = clock;
    this.pollMs = pollMs;
    this.system = options.platform ?? process.platform;
    const { root, table } = this;
    this.volumes = new VolumeFolders(root, clock);
    this.spaces = new LocalSpaces({
      root,
      clock,
      table,
      environment,
      volumes: this.volumes,
      failpoint: failpoint ?? (() => undefined),
      hint: (space) => this.watchers.forEach((hint) => hint(space)),
    });
    this.looks = new LocalLooks(root, scope, this.spaces, table, settleMs);
  }

  health(signal: AbortSignal): Promise<DriverHealth> {
    return this.call(signal, () => healthOf(this.root, this.table, this.system), { anywhere: true });
  }

  volumesOf(spec: WorkloadSpec, signal: AbortSignal): Promise<readonly VolumeRef[]> {
    const refs = () => this.volumes.refsOf(spec.mark, parseVolumeNames(spec.volumes));
    return this.call(signal, async () => refs(), { anywhere: true });
  }

  validate(spec: WorkloadSpec, signal: AbortSignal): Promise<PlanReport> {
    return this.call(
      signal,
      async () => {
        parseLocalJob(spec);
        return { changes: [], destructive: false, warnings: [] };
      },
      { anywhere: true },
    );
  }

  plan(spec: WorkloadSpec, signal: AbortSignal): Promise<PlanReport> {
    return this.call(signal, async () => {
      parseLocalJob(spec);
      const sight = await this.spaces.look(spec.mark);
      const as = (changes: readonly string[], destructive: boolean) => ({ changes, destructive, warnings: [] });
      switch (sight.kind) {
        case 'absent':
          return as(['start it'], false);
        case 'foreign':
          return as(['nothing: its folder was not made by this location'], false);
        case 'stray':
          return as(['end its processes and start it: its folder was taken away'], true);
        case 'own': {
          const drift = driftOf(sight, spec);
          if (drift !== null) return as([`end it and start it anew: ${drift}`], true);
          return as(sight.life === 'ended' ? ['start it again'] : [], false);
        }
      }
    });
  }

  observe({ mark, volumes, spec }: ObserveRequest, signal: AbortSignal): Promise<Observation> {
    return this.call(signal, async () => {
      const workload = await this.looks.workloadOf(this.own(mark), spec, signal);
      return {
        workload,
        volumes: await this.volumes.observe(mark, volumes),
        events: workload.state === 'present' ? await timelineOf(this.spaces.folderOf(mark), this.table) : [],
      };
    });
  }

  createVolumes(
    spec: WorkloadSpec,
    refs: readonly VolumeRef[],
    signal: AbortSignal,
  ): Promise<readonly ObservedVolume[]> {
    return this.call(signal, async () => {
      this.own(spec.mark);
      await this.volumes.create(spec, refs);
      return this.volumes.observe(spec.mark, refs);
    });
  }

  apply(spec: WorkloadSpec, expect: string, signal: AbortSignal): Promise<{ readonly revision: string }> {
    return this.call(signal, async () => {
      this.own(spec.mark);
      return { revision: await this.spaces.start(spec, expect, signal) };
    });
  }

  remove(mark: Mark, signal: AbortSignal): Promise<void> {
    return this.call(signal, () => this.spaces.end(this.own(mark), signal));
  }

  destroyVolumes(mark: Mark, refs: readonly VolumeRef[], signal: AbortSignal): Promise<void> {
    return this.call(signal, async () => {
      const { kind } = await this.spaces.look(this.own(mark));
      if (kind === 'own' || kind === 'stray') {
        throw new KnotError('backend.conflict', 'The volumes are in use by the space, which must end first.');
      }
      await this.volumes.destroy(mark, refs);
    });
  }

  list(signal: AbortSignal): Promise<readonly MarkedObject[]> {
    return this.call(signal, async () => {
      return [...(await this.looks.list()), ...(await this.volumes.list(this.scope))];
    });
  }

  async watch(hint: (space: string | null) => void, signal: AbortSignal): Promise<void> {
    const { root, scope, clock, table, spaces, looks, pollMs } = this;
    const watch = new LocalWatch({ root, scope, clock, table, spaces, looks, pollMs });
    const tell = (space: string) => (signal.aborted ? undefined : hint(space));
    this.watchers.add(tell);
    await watch.run(hint, signal).finally(() => this.watchers.delete(tell));
  }

  logs(mark: Mark, lines: number, signal: AbortSignal): Promise<readonly string[]> {
    return this.call(signal, () => this.looks.logs(this.own(mark), lines));
  }

  events(mark: Mark, signal: AbortSignal): Promise<readonly TimelineEvent[]> {
    return this.call(signal, async () => {
      const folder = this.spaces.folderOf(this.own(mark));
      return (await folder.look()).state === 'own' ? timelineOf(folder, this.table) : [];
    });
  }

  lock(): BackendLock {
    return new FileLock(this.root, this.scope, this.clock, this.table);
  }

  /** A mark of another scope is a mistake of the caller, and none of this driver's. */
  private own(mark: Mark): Mark {
    if (inScope(this.scope, mark)) return mark;
    throw new KnotError('backend.foreign', 'This space belongs to another location.');
  }

  private async call<T>(signal: AbortSignal, deed: () => Promise<T>, { anywhere = false } = {}): Promise<T> {
    throwIfGivenUp(signal);
    const missing = anywhere ? null : missingFunctions(this.system);
    if (missing !== null) throw new KnotError('feature.missing', missing);
    try {
      return await deed();
    } catch (error) {
      throw this.toKnown(error);
    }
  }

  private toKnown(error: unknown): unknown {
    if (isKnotError(error) || !(error instanceof Error) || !('syscall' in error)) return error;
    const code = isSystemError(error, 'EACCES', 'EPERM', 'EROFS') ? 'backend.forbidden' : 'backend.unavailable';
    return new KnotError(code, `The machine refuses: ${error.message}`, '', {}, { cause: error });
  }
}
