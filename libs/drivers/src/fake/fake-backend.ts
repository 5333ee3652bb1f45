import { KnotError } from '@knot/shared/errors';
import { backendName, sameMark, type Mark, type Scope, type VolumeRef, type WorkloadHealth } from '@knot/domain';
import type { DriverClock } from '../clock.js';
import type { WorkloadSpec } from '../driver.js';
import { contentOf, parseFakeJob } from './fake-job.js';
import { conditionAt, turningPoints, type FakeWorkload } from './fake-workload.js';
import { FakeLocks } from './fake-lock.js';

export interface FakeKnobs {
  /** From submitted to placed, from placed to well, from the word to the end, from asked for to ready; ms. */
  placementMs: number;
  healthMs: number;
  stopMs: number;
  volumeMs: number;
  /** What each call takes, ms. */
  latencyMs: number;
  /** How long a cut watch needs to connect again, ms. */
  reconnectMs: number;
  /** Watches that are connected and say nothing. */
  silentWatch: boolean;
  /** Text of a failure for the volumes of these template names. */
  failingVolumes: Readonly<Record<string, string>>;
  /** Whether the lock answers. */
  lockAvailable: boolean;
}

export interface FakeVolume {
  /** Null for one that knot did not make. */
  readonly mark: Mark | null;
  readonly name: string;
  readonly createdAt: number;
  readonly readyAt: number;
  readonly failure: string;
  /** What the tests put in, to see that it outlives the workload. */
  data: string;
}

interface Watcher {
  readonly scope: Scope;
  readonly hint: (space: string | null) => void;
  readonly cut: () => void;
}

/**
 * The world behind fake drivers: several drivers (two leaves, two locations, two installations) may share one.
 * The methods that a test calls act as somebody else would, behind the drivers' backs.
 */
export class FakeBackend {
  readonly knobs: FakeKnobs = {
    placementMs: 0,
    healthMs: 0,
    stopMs: 0,
    volumeMs: 0,
    latencyMs: 0,
    reconnectMs: 10,
    silentWatch: false,
    failingVolumes: {},
    lockAvailable: true,
  };
  readonly volumes = new Map<string, FakeVolume>();
  readonly locks = new FakeLocks();
  private readonly workloads = new Map<string, FakeWorkload>();
  private readonly watchers = new Set<Watcher>();
  private index = 0;

  constructor(
    readonly clock: DriverClock,
    knobs: Partial<FakeKnobs> = {},
  ) {
    Object.assign(this.knobs, knobs);
  }

  // --- what drivers do ---

  get(space: string): FakeWorkload | null {
    const workload = this.workloads.get(backendName(space));
    if (!workload?.stop || this.clock.now() < workload.stop.goneAt) return workload ?? null;
    this.workloads.delete(backendName(space));
    return null;
  }

  all(): readonly FakeWorkload[] {
    return [...this.workloads.values()].filter(({ stop }) => stop === null || this.clock.now() < stop.goneAt);
  }

  /** Starts a new instance of the spec in place of whatever stands there. */
  submit(spec: WorkloadSpec): FakeWorkload {
    const now = this.clock.now();
    const placed = now + this.knobs.placementMs;
    return this.put(spec.mark.space, {
      mark: spec.mark,
      display: spec.display,
      content: contentOf(spec),
      job: parseFakeJob(spec),
      instance: `fake-${++this.index}`,
      revision: this.nextRevision(),
      createdAt: this.get(spec.mark.space)?.createdAt ?? now,
      times: { submitted: now, placed, well: placed + this.knobs.healthMs },
      edited: false,
      killedAt: null,
      stop: null,
    });
  }

  beginStop(space: string): void {
    const now = this.clock.now();
    const workload = this.get(space);
    if (!workload || workload.stop) return;
    const stop = { since: now, goneAt: now + this.knobs.stopMs };
    this.put(space, { ...workload, stop, revision: this.nextRevision() });
  }

  createVolume(mark: Mark, { name, backendId }: VolumeRef): void {
    const now = this.clock.now();
    const failure = this.knobs.failingVolumes[name] ?? '';
    const readyAt = now + this.knobs.volumeMs;
    this.volumes.set(backendId, { mark, name, createdAt: now, readyAt, failure, data: '' });
    this.hintAt(mark.space, [readyAt]);
  }

  watch(watcher: Watcher): () => void {
    this.watchers.add(watcher);
    if (!this.knobs.silentWatch) watcher.hint(null);
    return () => this.watchers.delete(watcher);
  }

  // --- what others do ---

  /** What runs dies. */
  kill(space: string): void {
    this.change(space, { killedAt: this.clock.now() });
  }

  /** The object is taken away. */
  purge(space: string): void {
    this.workloads.delete(backendName(space));
    this.announce(space);
  }

  /** The object is changed; what runs goes on. */
  edit(space: string): void {
    this.change(space, { edited: true });
  }

  /** Somebody else's object stands under the space's name. */
  plantForeign(space: string): void {
    const now = this.clock.now();
    this.put(space, {
      mark: null,
      display: { space: '', owner: '' },
      content: 'somebody else’s',
      job: { exits: null, neverHealthy: null, neverPlaced: null },
      instance: `fake-${++this.index}`,
      revision: this.nextRevision(),
      createdAt: now,
      times: { submitted: now, placed: now, well: now },
      edited: false,
      killedAt: null,
      stop: null,
    });
  }

  /** Everything that is there is told once more, though nothing has changed. */
  repeatHints(): void {
    for (const { mark } of this.all()) if (mark) this.announce(mark.space);
  }

  /** Every watch is cut; each connects again by itself. */
  cutWatches(): void {
    for (const watcher of [...this.watchers]) watcher.cut();
  }

  /** How the workload of a space is now; null where there is none. */
  healthOf(space: string): WorkloadHealth | null {
    const workload = this.get(space);
    return workload && conditionAt(workload, this.clock.now()).health;
  }

  /** How many instances run: 0 or 1. */
  countRunning(space: string): number {
    const workload = this.get(space);
    if (!workload) return 0;
    const { health } = conditionAt(workload, this.clock.now());
    return health === 'pending' || health === 'ended' ? 0 : 1;
  }

  // --- inside ---

  private change(space: string, part: Partial<FakeWorkload>): void {
    const workload = this.get(space);
    if (!workload) throw new KnotError('internal', `The fake backend holds nothing for ${space}.`);
    this.put(space, { ...workload, ...part, revision: this.nextRevision() });
  }

  private put(space: string, workload: FakeWorkload): FakeWorkload {
    this.workloads.set(backendName(space), workload);
    this.announce(space);
    this.hintAt(space, turningPoints(workload));
    return workload;
  }

  private nextRevision(): string {
    return String(++this.index);
  }

  private hintAt(space: string, times: readonly number[]): void {
    const now = this.clock.now();
    for (const at of new Set(times)) {
      if (at > now) this.clock.setTimeout(() => this.announce(space), at - now);
    }
  }

  private announce(space: string): void {
    if (this.knobs.silentWatch) return;
    const workload = this.get(space);
    for (const { scope, hint } of this.watchers) {
      if (!workload?.mark || sameMark(workload.mark, { ...scope, space })) hint(space);
    }
  }
}
