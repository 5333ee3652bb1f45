import type { Trouble } from './condition.js';
import type { DesiredSpace } from './desired.js';
import type { Observation, Workload } from './observed.js';
import { putBackAt, type PutBackLimits } from './put-back.js';
import type { SpaceRecord, VolumeRef } from './record.js';
import type { SpaceSnapshot } from './snapshot.js';

/**
 * What the leaf may do now:
 * full - it holds the origin's lease or the backend's lock;
 * reapply - neither: it may put back what it had applied, and creates and deletes nothing new;
 * none - it acts on nothing.
 */
export type Authority = 'full' | 'reapply' | 'none';

export type ApplyCause = 'create' | 'update' | 'missing' | 'drift' | 'ended' | 'restart';
export type RemoveCause = 'stop' | 'delete' | 'restart';

export type Step =
  /** The world is as wished. */
  | { readonly do: 'settle' }
  /** Nothing to do before `until` (ms since the epoch) or the next hint. */
  | { readonly do: 'wait'; readonly until: number; readonly trouble: Trouble | null }
  | { readonly do: 'create-volumes'; readonly missing: readonly VolumeRef[] }
  | { readonly do: 'apply'; readonly cause: ApplyCause }
  | { readonly do: 'remove'; readonly cause: RemoveCause }
  | { readonly do: 'destroy-volumes'; readonly refs: readonly VolumeRef[] }
  | { readonly do: 'finalize' }
  /** Nothing more can be tried until the wish or the world changes. */
  | { readonly do: 'stall'; readonly trouble: Trouble }
  /** A deed is due that this leaf has no right to now. */
  | { readonly do: 'hold'; readonly due: 'apply' | 'remove' | 'create-volumes' | 'destroy-volumes' | 'finalize' };

export type Rendered =
  { readonly ok: true; readonly volumes: readonly VolumeRef[] } | { readonly ok: false; readonly trouble: Trouble };

export interface StepLimits {
  /** How long a start may take before it is called stalled, ms. */
  readonly startMs: number;
  /** How long a stop may take before it is said aloud, ms. */
  readonly stopMs: number;
  /** For workloads that keep ending by themselves. */
  readonly ended: PutBackLimits;
  /** For workloads that somebody else changes again and again. */
  readonly drifted: PutBackLimits;
}

export const STEP_LIMITS: StepLimits = {
  startMs: 10 * 60_000,
  stopMs: 2 * 60_000,
  ended: { atOnce: 1, baseMs: 1_000, maxMs: 5 * 60_000 },
  drifted: { atOnce: 5, baseMs: 1_000, maxMs: 60_000 },
};

export interface StepInput {
  readonly desired: DesiredSpace;
  readonly record: SpaceRecord;
  readonly observation: Observation;
  /** The snapshot's job and volumes, rendered; null where there is no snapshot. */
  readonly rendered: Rendered | null;
  readonly authority: Authority;
  /** ms since the epoch */
  readonly now: number;
  readonly limits?: StepLimits;
}

export type PermitInput = Pick<StepInput, 'desired' | 'record' | 'authority'>;

/** The one next deed for a space: pure, total, and the same for the same input. */
export function nextStep(input: StepInput): Step {
  return permitted(due(input), input);
}

function due(input: StepInput): Step {
  switch (input.desired.want) {
    case 'deleted':
      return dueWhenDeleted(input);
    case 'stopped':
      return dueWhenStopped(input);
    case 'running':
      return dueWhenRunning(input);
  }
}

/** The step itself where the authority covers it, else `hold`. Asked again right before a deed: authority runs out. */
export function permitted(step: Step, { authority, record, desired }: PermitInput): Step {
  if (authority === 'full') return step;
  switch (step.do) {
    case 'settle':
    case 'wait':
    case 'stall':
    case 'hold':
      return step;
    case 'apply': {
      const applied = record.appliedHash !== '' && record.appliedHash === desired.snapshot?.hash;
      return authority === 'reapply' && applied ? step : { do: 'hold', due: 'apply' };
    }
    case 'remove':
    case 'create-volumes':
    case 'destroy-volumes':
    case 'finalize':
      return { do: 'hold', due: step.do };
  }
}

function dueWhenDeleted(input: StepInput): Step {
  const leaving = removeOrWait(input, 'delete');
  if (leaving) return leaving;
  const left = input.observation.volumes.filter((volume) => volume.state !== 'missing');
  if (left.length > 0) {
    return { do: 'destroy-volumes', refs: left.map(({ name, backendId }) => ({ name, backendId })) };
  }
  return { do: 'finalize' };
}

function dueWhenStopped(input: StepInput): Step {
  return removeOrWait(input, 'stop') ?? { do: 'settle' };
}

/** Null when there is no workload of ours left. One that does not end in time is asked again. */
function removeOrWait(
  { desired, observation, record, now, limits = STEP_LIMITS }: StepInput,
  cause: RemoveCause,
): Step | null {
  const { workload } = observation;
  if (workload.state !== 'present') return null;
  const deadline = stopSince(desired, record) + limits.stopMs;
  if (workload.health !== 'stopping' || now >= deadline) return { do: 'remove', cause };
  return { do: 'wait', until: deadline, trouble: null };
}

/** Since when it is to be gone: a schedule closes it long after the wish. */
function stopSince({ closed }: DesiredSpace, { wish }: SpaceRecord): number {
  return Math.max(wish.since, closed?.since ?? 0);
}

/** Whether a stop that was asked for takes longer than it may. */
export function isStopOverdue({ desired, observation, record, now, limits = STEP_LIMITS }: StepInput): boolean {
  const { workload } = observation;
  const leaving = desired.want !== 'running' || record.restartsSatisfied < desired.restarts;
  return leaving && workload.state === 'present' && now >= stopSince(desired, record) + limits.stopMs;
}

function dueWhenRunning(input: StepInput): Step {
  const { desired, observation, rendered } = input;
  if (observation.workload.state === 'foreign') {
    return stall('NameTaken', observation.workload.message);
  }
  if (!desired.snapshot) return stall('NothingToRun', 'This space has never been started. Start it.');
  if (rendered && !rendered.ok) return { do: 'stall', trouble: rendered.trouble };
  return observation.workload.state === 'present'
    ? dueWhenPresent(input, observation.workload, desired.snapshot)
    : dueWhenAbsent(input, desired.snapshot);
}

function dueWhenPresent(
  input: StepInput,
  workload: Extract<Workload, { state: 'present' }>,
  snapshot: SpaceSnapshot,
): Step {
  const { desired, record } = input;
  if (record.restartsSatisfied < desired.restarts && record.appliedHash !== '') {
    return removeOrWait(input, 'restart') ?? { do: 'settle' };
  }
  // Somebody else ends it, or an earlier stop does: what is to run is made once that is over.
  if (workload.health === 'stopping') {
    return { do: 'wait', until: input.now + (input.limits ?? STEP_LIMITS).stopMs, trouble: null };
  }
  if (record.appliedHash !== snapshot.hash) return volumesFirst(input, { do: 'apply', cause: 'update' });
  if (workload.drift !== null) return dueWhenDrifted(input);
  switch (workload.health) {
    case 'healthy':
      return { do: 'settle' };
    case 'ended':
      return dueWhenEnded(input, workload, snapshot);
    case 'pending':
    case 'starting':
    case 'unhealthy':
      return waitForHealth(input, workload.trouble);
  }
}

/** Whoever changes it again and again, another program or a leaf that is parted, is not raced against. */
function dueWhenDrifted(input: StepInput): Step {
  const { drifted } = input.limits ?? STEP_LIMITS;
  const at = putBackAt(input.record.drifts ?? { count: 0, lastAt: 0 }, drifted, input.now);
  if (input.now >= at) return volumesFirst(input, { do: 'apply', cause: 'drift' });
  return { do: 'wait', until: at, trouble: null };
}

function dueWhenEnded(
  input: StepInput,
  { exitCode, trouble }: Extract<Workload, { state: 'present' }>,
  snapshot: SpaceSnapshot,
): Step {
  if (!isPutBack(snapshot, exitCode)) return { do: 'settle' };
  const { ended } = input.limits ?? STEP_LIMITS;
  const { endings } = input.record;
  const at = putBackAt(endings, ended, input.now);
  if (input.now >= at) return volumesFirst(input, { do: 'apply', cause: 'ended' });
  const code = exitCode === null ? '' : ` with code ${exitCode}`;
  const why = trouble ? `: ${trouble.message.replace(/\.$/, '')}` : '';
  const message = `It ended by itself${code}${why}. ${endings.count} times so far; knot puts it back after a pause.`;
  return { do: 'wait', until: at, trouble: { reason: trouble?.reason ?? 'Exited', message } };
}

/** Whether a workload that ended by itself is begun again. */
export function isPutBack({ restart }: SpaceSnapshot, exitCode: number | null): boolean {
  return restart === 'always' || (restart === 'on-failure' && exitCode !== 0);
}

function waitForHealth(input: StepInput, trouble: Trouble | null): Step {
  const { startMs } = input.limits ?? STEP_LIMITS;
  const deadline = Math.max(input.record.wish.since, input.record.appliedAt) + startMs;
  if (input.now < deadline) return { do: 'wait', until: deadline, trouble };
  const minutes = Math.round(startMs / 60_000);
  return {
    do: 'stall',
    trouble: trouble ?? { reason: 'StartTimeout', message: `It is not healthy after ${minutes} minutes.` },
  };
}

function dueWhenAbsent(input: StepInput, snapshot: SpaceSnapshot): Step {
  const { desired, record } = input;
  // A backend tidies away what has ended; that is no reason to begin it anew.
  const over = record.ended === true && record.appliedHash === snapshot.hash;
  if (over && record.restartsSatisfied >= desired.restarts) return { do: 'settle' };
  return volumesFirst(input, { do: 'apply', cause: applyCause(desired, record, snapshot) });
}

/** Nothing is handed over before its volumes are there. */
function volumesFirst(input: StepInput, apply: Step): Step {
  const { observation, rendered } = input;
  const wanted = rendered?.ok ? rendered.volumes : [];
  const stateOf = (ref: VolumeRef) => observation.volumes.find((volume) => volume.backendId === ref.backendId);
  const missing = wanted.filter((ref) => (stateOf(ref)?.state ?? 'missing') === 'missing');
  if (missing.length > 0) return stalledOr(input, { do: 'create-volumes', missing });
  const failed = wanted.map(stateOf).find((volume) => volume?.state === 'failed');
  if (failed) return stall('VolumeFailed', `Volume ${failed.name}: ${failed.message}`);
  if (wanted.some((ref) => stateOf(ref)?.state === 'pending')) return waitForHealth(input, null);
  return stalledOr(input, apply);
}

function applyCause(desired: DesiredSpace, record: SpaceRecord, snapshot: SpaceSnapshot): ApplyCause {
  if (record.restartsSatisfied < desired.restarts && record.appliedHash !== '') return 'restart';
  return record.appliedHash === snapshot.hash ? 'missing' : 'create';
}

/** A terminal failure of this very generation is not tried again; any new wish is. */
function stalledOr({ desired, record }: StepInput, step: Step): Step {
  return record.stall?.generation === desired.generation ? { do: 'stall', trouble: record.stall.trouble } : step;
}

function stall(reason: Trouble['reason'], message: string): Step {
  return { do: 'stall', trouble: { reason, message } };
}
