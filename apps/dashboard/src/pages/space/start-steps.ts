import type { StartPhase } from '@knot/domain';
import type { Space } from '../../api/schemas.js';

/** In the order in which a start goes through them. */
const STEPS: readonly StartPhase['name'][] = [
  'Accepted',
  'Received',
  'Volumes',
  'Submitted',
  'Placed',
  'Started',
  'Ready',
];

export interface StartStep {
  readonly name: StartPhase['name'];
  /** `now`: being worked on; `open`: to come; `missed`: the start ended before it. */
  readonly state: 'done' | 'now' | 'open' | 'missed';
  /** ms since the epoch; 0 when not reached. */
  readonly at: number;
  /** From the step before to this one, ms; of the present one: until now. */
  readonly took: number;
  /** Where it lies within the whole start, 0 to 1. */
  readonly from: number;
  readonly to: number;
}

export interface Start {
  readonly steps: readonly StartStep[];
  /** ms so far, or until Ready. */
  readonly total: number;
  readonly state: 'ready' | 'under-way' | 'ended';
}

/** The present or last start of a space, step by step. Null when it was never started. */
export function startOf(space: Pick<Space, 'phases' | 'phase' | 'want'>, now: number): Start | null {
  const reached = new Map(space.phases.map(({ name, at }) => [name, at]));
  const times = STEPS.map((name) => reached.get(name) ?? 0);
  const first = times.find((at) => at > 0);
  if (first === undefined) return null;
  const ready = reached.has('Ready');
  const underWay = !ready && space.want === 'running' && space.phase !== 'Failed' && space.phase !== 'Unknown';
  const last = Math.max(...times);
  const end = underWay ? Math.max(now, last) : last;
  const lastStep = times.findLastIndex((at) => at > 0);
  const total = Math.max(1, end - first);
  let before = first;
  const steps = STEPS.map((name, index): StartStep => {
    const at = times[index] ?? 0;
    const isNow = underWay && index === lastStep + 1;
    if (at === 0 && !isNow) {
      return { name, at, took: 0, from: 1, to: 1, state: index < lastStep || !underWay ? 'missed' : 'open' };
    }
    const until = Math.max(before, at === 0 ? end : at);
    const step: StartStep = {
      name,
      at,
      took: until - before,
      from: (before - first) / total,
      to: (until - first) / total,
      state: at === 0 ? 'now' : 'done',
    };
    before = until;
    return step;
  });
  return { steps, total: end - first, state: ready ? 'ready' : underWay ? 'under-way' : 'ended' };
}
