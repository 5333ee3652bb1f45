import type { Step } from '@knot/domain';
import type { Outcome, Priority } from '@knot/reconcile';
import type { Done } from './deeds.js';
import { RECOVERED_MS } from './records.js';

/** Hints of the backend come first; these looks are for those that get lost: the longer it takes, the rarer. ms */
const SOONEST_LOOK_MS = 2_000;
const RAREST_LOOK_MS = 15_000;
const AFTER_DEED_MS = 1_000;
const AFTER_REMOVE_MS = 300;
const STALLED_MS = 60_000;
const HELD_MS = 10_000;
const LONGEST_SLEEP_MS = 6 * 60 * 60_000;

/** When the space is to be looked at again, by what was done in this run. */
export function outcomeOf({ step, record, observation }: Done, now: number, priority: Priority): Outcome {
  switch (step.do) {
    case 'settle': {
      const { count, lastAt } = record.endings;
      const waits = count > 0 && observation.workload.state === 'present' && observation.workload.health === 'healthy';
      return waits
        ? { kind: 'again', afterMs: Math.max(AFTER_DEED_MS, lastAt + RECOVERED_MS - now) }
        : { kind: 'done' };
    }
    case 'wait': {
      const age = now - Math.max(record.appliedAt, record.wish.since);
      const look = Math.min(RAREST_LOOK_MS, Math.max(SOONEST_LOOK_MS, age));
      return { kind: 'again', afterMs: Math.max(50, Math.min(step.until - now, look)) };
    }
    case 'create-volumes':
    case 'destroy-volumes':
      return isPending(step, observation.volumes)
        ? { kind: 'again', afterMs: AFTER_DEED_MS }
        : { kind: 'again', afterMs: 0, priority };
    case 'apply':
      return { kind: 'again', afterMs: SOONEST_LOOK_MS };
    case 'remove':
      return { kind: 'again', afterMs: AFTER_REMOVE_MS };
    case 'finalize':
      return { kind: 'done' };
    case 'stall':
      return record.stall ? { kind: 'terminal', reason: step.trouble.reason } : { kind: 'again', afterMs: STALLED_MS };
    case 'hold':
      return { kind: 'again', afterMs: HELD_MS };
  }
}

/** The same, and again when the schedule turns: nothing else would tell. A clock that is set meanwhile is noticed within hours. */
export function soonerOf(outcome: Outcome, turnsAt: number | null, now: number): Outcome {
  if (turnsAt === null) return outcome;
  const afterMs = Math.min(LONGEST_SLEEP_MS, Math.max(0, turnsAt - now));
  switch (outcome.kind) {
    case 'done':
    case 'terminal':
      return { kind: 'again', afterMs };
    case 'again':
      return 'afterMs' in outcome && outcome.afterMs > afterMs ? { ...outcome, afterMs } : outcome;
    case 'retry':
      return outcome;
  }
}

function isPending(step: Step, volumes: Done['observation']['volumes']): boolean {
  return step.do === 'create-volumes' && volumes.some(({ state }) => state === 'pending');
}
