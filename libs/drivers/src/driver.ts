import type { Mark, Observation, ObservedVolume, Platform, TimelineEvent, Trouble, VolumeRef } from '@knot/domain';
import type { SpaceObjects } from './space-objects.js';

/** A space's workload, rendered: what a driver is to make so. A pure function of the frozen snapshot. */
export interface WorkloadSpec {
  readonly mark: Mark;
  /** Frozen display texts; never part of a backend name. */
  readonly display: { readonly space: string; readonly owner: string };
  /** Job or manifest text after rendering. */
  readonly job: string;
  /** Volume definitions text after rendering; '' for none. */
  readonly volumes: string;
  /** Hash of the snapshot this was rendered from. */
  readonly hash: string;
  readonly policy: Policy;
  /**
   * What every process of the space finds in its environment beside what its job says (KNOT_SPACEID ...). It holds a
   * secret: drivers keep it out of the job's text, where whoever may read jobs would see it. It is no part of what
   * drift is told by. Values are one line of printable ASCII without `"`, `\\` and `$`.
   */
  readonly environment?: Readonly<Record<string, string>>;
}

/** What templates may ask for at this location; everything else is refused by name. */
export interface Policy {
  /** Task drivers (Nomad) or the like that need no approval. */
  readonly drivers: readonly string[];
  /** Host volumes, by name, that any template may mount. */
  readonly hostVolumes: readonly string[];
  /** Approved exceptions of this template version, e.g. `driver:raw_exec`, `privileged`, `host-network`. */
  readonly exceptions: readonly string[];
}

export interface ObserveRequest {
  readonly mark: Mark;
  /** Every volume ever asked for on behalf of the space. */
  readonly volumes: readonly VolumeRef[];
  /** The frozen spec to compare with, when the space should run; null asks only what is there. */
  readonly spec: WorkloadSpec | null;
  /** The backend revision last known to equal the spec: when it still is that, no comparison is needed. */
  readonly verified: string;
}

/** An object at the backend that bears this location's mark. */
export interface MarkedObject {
  readonly space: string;
  readonly kind: 'workload' | 'volume';
  readonly backendId: string;
  readonly owner: string;
  readonly name: string;
  /** ms since the epoch; 0 when the backend does not say. */
  readonly createdAt: number;
}

export interface PlanReport {
  /** What the backend would do, in words, one line per change; empty when nothing. */
  readonly changes: readonly string[];
  readonly destructive: boolean;
  readonly warnings: readonly string[];
}

export interface DriverHealth {
  readonly ready: boolean;
  /** Null when ready. */
  readonly trouble: Trouble | null;
  readonly version: string;
  /** Facts that templates may use (`nomad.dc`, `nomad.region`). */
  readonly facts: Readonly<Record<string, string>>;
  /** What it has in all, in a few words for people (`3 nodes, 24.0 GHz, 96 GiB`); not told where nobody may ask. */
  readonly capacity?: string;
}

/**
 * One backend of a location. Every method is idempotent, ends by its signal, and throws KnotError only:
 * `backend.invalid` and `template.*` are terminal, `backend.forbidden` is a condition, `backend.conflict`,
 * `backend.unavailable` are retried, `backend.foreign` names an object that is not ours.
 */
export interface Driver {
  readonly platform: Platform;
  health(signal: AbortSignal): Promise<DriverHealth>;
  /** The volumes a spec asks for, with their backend names. Pure but for parsing. */
  volumesOf(spec: WorkloadSpec, signal: AbortSignal): Promise<readonly VolumeRef[]>;
  /** Parses and checks against policy and backend; changes nothing. */
  validate(spec: WorkloadSpec, signal: AbortSignal): Promise<PlanReport>;
  /** Dry run against what is there. */
  plan(spec: WorkloadSpec, signal: AbortSignal): Promise<PlanReport>;
  observe(request: ObserveRequest, signal: AbortSignal): Promise<Observation>;
  /**
   * Told beside the look that an `apply` of this spec is likely to follow: what takes time and changes nothing may
   * begin now. Answers at once, never throws, and nothing depends on it.
   */
  anticipate?(spec: WorkloadSpec, signal: AbortSignal): void;
  /** Creates what is missing of `refs`; never changes or removes a volume. */
  createVolumes(
    spec: WorkloadSpec,
    refs: readonly VolumeRef[],
    signal: AbortSignal,
  ): Promise<readonly ObservedVolume[]>;
  /**
   * Makes the workload so. `expect` is the revision seen by the look that led here ('' = absent); when the
   * backend has another by now it throws `backend.conflict`. Answers the new revision.
   */
  apply(spec: WorkloadSpec, expect: string, signal: AbortSignal): Promise<{ readonly revision: string }>;
  /** Asks for the workload's end; gone only when a later look says absent. A foreign object is left alone. */
  remove(mark: Mark, signal: AbortSignal): Promise<void>;
  destroyVolumes(mark: Mark, refs: readonly VolumeRef[], signal: AbortSignal): Promise<void>;
  /**
   * Everything that bears this scope's mark, for finding orphans. Where one space is named, what is not its own may be left
   * out.
   */
  list(signal: AbortSignal, space?: string): Promise<readonly MarkedObject[]>;
  /**
   * Calls `hint` with a space's id whenever something of it may have changed, and with null when hints may have
   * been missed (list then). Hints are never truth. Runs until the signal; reconnects by itself.
   */
  watch(hint: (space: string | null) => void, signal: AbortSignal): Promise<void>;
  /** Why is it not starting: the backend's newest events and log lines. */
  logs(mark: Mark, lines: number, signal: AbortSignal): Promise<readonly string[]>;
  events(mark: Mark, signal: AbortSignal): Promise<readonly TimelineEvent[]>;
  lock(): BackendLock;
  /** Where spaces are shown to people of the backend, and asked for by them. */
  readonly objects?: SpaceObjects;
}

/**
 * The location's lock in the backend itself, with the lease's term: whoever holds it may act with the origin away.
 * A lower term never takes it from a higher one.
 */
export interface BackendLock {
  /** Takes or renews it for `ttlMs`. 'refused' names who holds it; 'unavailable' when the backend cannot say. */
  hold(
    claim: { readonly holder: string; readonly term: number; readonly ttlMs: number },
    signal: AbortSignal,
  ): Promise<LockAnswer>;
  release(signal: AbortSignal): Promise<void>;
}

export type LockAnswer =
  | { readonly state: 'held'; readonly untilMonotonic: number }
  | { readonly state: 'refused'; readonly holder: string; readonly term: number }
  | { readonly state: 'unavailable'; readonly trouble: Trouble };
