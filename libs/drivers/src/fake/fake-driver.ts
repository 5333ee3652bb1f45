import { KnotError } from '@knot/shared/errors';
import {
  backendName,
  sameMark,
  type Mark,
  type ObservedVolume,
  type Observation,
  type Platform,
  type Scope,
  type TimelineEvent,
  type VolumeRef,
  type Workload,
} from '@knot/domain';
import { givenUp, pause, throwIfGivenUp } from '../clock.js';
import type {
  BackendLock,
  Driver,
  DriverHealth,
  MarkedObject,
  ObserveRequest,
  PlanReport,
  WorkloadSpec,
} from '../driver.js';
import type { SpaceObjects } from '../space-objects.js';
import type { FakeBackend, FakeVolume } from './fake-backend.js';
import { contentOf, fakeVolumesOf, parseFakeJob } from './fake-job.js';
import { conditionAt, eventsAt } from './fake-workload.js';
import { Faults, suffer, type CallFacts, type FakeCall } from './faults.js';

export interface FakeDriverOptions {
  readonly scope: Scope;
  readonly backend: FakeBackend;
  /** The platform it stands for; local when left out. */
  readonly platform?: Platform;
  /** Shared between drivers, or this one's own. */
  readonly faults?: Faults;
  /** For simulations: called in the instant in which a call takes effect, to look at the world before and after. */
  readonly witness?: <T>(facts: CallFacts, effect: () => T) => T;
  readonly objects?: SpaceObjects;
}

/** A driver over a world in memory. Passes the conformance suite; fails on demand. */
export class FakeDriver implements Driver {
  readonly platform: Platform;
  readonly objects?: SpaceObjects;
  readonly faults: Faults;
  /** How often each call was made; for bounds on calls, not for asserting what was done. */
  readonly calls = new Map<FakeCall, number>();
  private readonly scope: Scope;
  private readonly backend: FakeBackend;
  private readonly witness: NonNullable<FakeDriverOptions['witness']>;

  constructor({
    scope,
    backend,
    platform = 'local',
    faults = new Faults(),
    witness = (_facts, effect) => effect(),
    objects,
  }: FakeDriverOptions) {
    this.objects = objects;
    this.scope = scope;
    this.backend = backend;
    this.platform = platform;
    this.faults = faults;
    this.witness = witness;
  }

  health(signal: AbortSignal): Promise<DriverHealth> {
    return this.call('health', '', signal, () => ({
      ready: true,
      trouble: null,
      version: 'fake',
      facts: { 'nomad.dc': 'dc1', 'nomad.region': 'global' },
    }));
  }

  volumesOf(spec: WorkloadSpec, signal: AbortSignal): Promise<readonly VolumeRef[]> {
    return this.call('volumesOf', spec.mark.space, signal, () => fakeVolumesOf(spec));
  }

  validate(spec: WorkloadSpec, signal: AbortSignal): Promise<PlanReport> {
    return this.call('validate', spec.mark.space, signal, () => {
      parseFakeJob(spec);
      return { changes: [], destructive: false, warnings: [] };
    });
  }

  plan(spec: WorkloadSpec, signal: AbortSignal): Promise<PlanReport> {
    return this.call('plan', spec.mark.space, signal, () => {
      parseFakeJob(spec);
      const changes = this.changesFor(spec);
      return { changes, destructive: changes.length > 0 && this.own(spec.mark) !== null, warnings: [] };
    });
  }

  observe({ mark, volumes, spec, verified }: ObserveRequest, signal: AbortSignal): Promise<Observation> {
    return this.call('observe', mark.space, signal, () => {
      const own = this.own(mark);
      return {
        workload: this.workloadOf(mark, spec, verified),
        volumes: volumes.map((ref) => this.volumeOf(mark, ref)),
        events: own ? eventsAt(own, this.backend.clock.now()).slice(-50) : [],
      };
    });
  }

  createVolumes(
    spec: WorkloadSpec,
    refs: readonly VolumeRef[],
    signal: AbortSignal,
  ): Promise<readonly ObservedVolume[]> {
    return this.call('createVolumes', spec.mark.space, signal, () => {
      for (const ref of refs) {
        const there = this.backend.volumes.get(ref.backendId);
        if (there && !isOwn(there, spec.mark)) throw foreign(`volume ${ref.backendId}`);
        if (!there) this.backend.createVolume(spec.mark, ref);
      }
      return refs.map((ref) => this.volumeOf(spec.mark, ref));
    });
  }

  apply(spec: WorkloadSpec, expect: string, signal: AbortSignal): Promise<{ readonly revision: string }> {
    return this.call('apply', spec.mark.space, signal, () => {
      parseFakeJob(spec);
      const there = this.backend.get(spec.mark.space);
      const own = this.own(spec.mark);
      if (there && !own) throw foreign('workload of this name');
      if ((own?.revision ?? '') !== expect) {
        throw new KnotError('backend.conflict', 'The workload changed since it was looked at.');
      }
      if (own && this.changesFor(spec).length === 0) return { revision: own.revision };
      return { revision: this.backend.submit(spec).revision };
    });
  }

  async remove(mark: Mark, signal: AbortSignal): Promise<void> {
    await this.call('remove', mark.space, signal, () => {
      if (this.own(mark)) this.backend.beginStop(mark.space);
    });
  }

  async destroyVolumes(mark: Mark, refs: readonly VolumeRef[], signal: AbortSignal): Promise<void> {
    await this.call('destroyVolumes', mark.space, signal, () => {
      const own = refs.filter(({ backendId }) => isOwn(this.backend.volumes.get(backendId), mark));
      if (own.length > 0 && this.own(mark)) {
        throw new KnotError('backend.conflict', 'The volumes are in use by the workload; it must end first.');
      }
      for (const { backendId } of own) this.backend.volumes.delete(backendId);
    });
  }

  list(signal: AbortSignal): Promise<readonly MarkedObject[]> {
    return this.call('list', '', signal, () => [
      ...this.backend.all().flatMap(({ mark, display, createdAt }): MarkedObject[] => {
        if (!mark || !this.inScope(mark)) return [];
        const { space } = mark;
        const backendId = backendName(space);
        return [{ space, kind: 'workload', backendId, owner: display.owner, name: display.space, createdAt }];
      }),
      ...[...this.backend.volumes].flatMap(([backendId, { mark, name, createdAt }]): MarkedObject[] =>
        mark && this.inScope(mark)
          ? [{ space: mark.space, kind: 'volume', backendId, owner: '', name, createdAt }]
          : [],
      ),
    ]);
  }

  async watch(hint: (space: string | null) => void, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await new Promise<void>((resolve) => {
        const leave = this.backend.watch({ scope: this.scope, hint, cut: () => end() });
        const end = () => {
          leave();
          signal.removeEventListener('abort', end);
          resolve();
        };
        signal.addEventListener('abort', end, { once: true });
      });
      await pause(this.backend.clock, this.backend.knobs.reconnectMs, signal);
    }
  }

  logs(mark: Mark, lines: number, signal: AbortSignal): Promise<readonly string[]> {
    return this.call('logs', mark.space, signal, () =>
      this.told(mark)
        .map(({ message }) => message)
        .slice(-lines),
    );
  }

  events(mark: Mark, signal: AbortSignal): Promise<readonly TimelineEvent[]> {
    return this.call('events', mark.space, signal, () => this.told(mark).slice(-50));
  }

  lock(): BackendLock {
    const key = `${this.scope.installation}/${this.scope.location}`;
    let holder = '';
    return {
      hold: (claim, signal) =>
        this.call('lock.hold', '', signal, () => {
          holder = claim.holder;
          const { clock, knobs, locks } = this.backend;
          if (knobs.lockAvailable) return locks.hold(key, claim, clock.monotonic());
          const trouble = { reason: 'BackendForbidden', message: 'The lock cannot be read (403).' } as const;
          return { state: 'unavailable', trouble };
        }),
      release: (signal) =>
        this.call('lock.release', '', signal, () => {
          this.backend.locks.release(key, holder);
        }),
    };
  }

  /** Latency, the signal and faults, around an effect that happens at one instant. */
  private async call<T>(call: FakeCall, space: string, signal: AbortSignal, effect: () => T): Promise<T> {
    this.calls.set(call, (this.calls.get(call) ?? 0) + 1);
    throwIfGivenUp(signal);
    const fault = this.faults.take({ call, space });
    const latency = this.backend.knobs.latencyMs;
    if (latency > 0) await pause(this.backend.clock, latency / 2, signal);
    throwIfGivenUp(signal);
    if (fault?.when === 'before') return suffer(fault.kind, signal);
    const answer = this.witness({ call, space }, effect);
    if (fault) return suffer(fault.kind, signal);
    if (latency > 0) await pause(this.backend.clock, latency / 2, signal);
    if (signal.aborted) throw givenUp();
    return answer;
  }

  private workloadOf(mark: Mark, spec: WorkloadSpec | null, verified: string): Workload {
    const there = this.backend.get(mark.space);
    if (!there) return { state: 'absent' };
    const own = this.own(mark);
    if (!own) return { state: 'foreign', message: `An object of this name is there that this location did not make.` };
    const compare = spec !== null && own.revision !== verified;
    return {
      state: 'present',
      ...conditionAt(own, this.backend.clock.now()),
      instance: this.backend.clock.now() < own.times.placed || own.job.neverPlaced !== null ? '' : own.instance,
      revision: own.revision,
      drift: compare ? driftOf(own.content === contentOf(spec), own.edited) : null,
    };
  }

  private changesFor(spec: WorkloadSpec): readonly string[] {
    const own = this.own(spec.mark);
    if (!own) return ['create the workload'];
    const drift = driftOf(own.content === contentOf(spec), own.edited);
    if (drift !== null) return [drift];
    const { health } = conditionAt(own, this.backend.clock.now());
    return health === 'ended' || health === 'stopping' ? ['start it again'] : [];
  }

  private volumeOf(mark: Mark, { name, backendId }: VolumeRef): ObservedVolume {
    const there = this.backend.volumes.get(backendId);
    const as = (state: ObservedVolume['state'], message = '') => ({ name, backendId, state, message });
    if (!there) return as('missing');
    if (!isOwn(there, mark)) return as('failed', 'A volume of this name is there that this location did not make.');
    if (there.failure !== '') return as('failed', there.failure);
    return as(this.backend.clock.now() < there.readyAt ? 'pending' : 'ready');
  }

  private own(mark: Mark) {
    const there = this.backend.get(mark.space);
    return there?.mark && this.inScope(mark) && sameMark(there.mark, mark) ? there : null;
  }

  private inScope(mark: Mark): boolean {
    return sameMark(mark, { ...this.scope, space: mark.space });
  }

  private told(mark: Mark): readonly TimelineEvent[] {
    const own = this.own(mark);
    return own ? eventsAt(own, this.backend.clock.now()) : [];
  }
}

function driftOf(same: boolean, edited: boolean): string | null {
  if (edited) return 'somebody changed the job';
  return same ? null : 'the job is not the one that should run';
}

function isOwn(volume: FakeVolume | undefined, mark: Mark): boolean {
  return volume?.mark !== undefined && volume.mark !== null && sameMark(volume.mark, mark);
}

function foreign(what: string): KnotError {
  return new KnotError(
    'backend.foreign',
    `There is a ${what} that this location did not make.`,
    'It is left alone. Take it away or give the space another place.',
  );
}
