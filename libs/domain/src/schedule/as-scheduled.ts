import type { DesiredSpace } from '../space/desired.js';
import { runningTime, scheduleSentence } from './running-time.js';

/**
 * What a space should be at this moment: one that is wished to run is stopped while its schedule closes it. The wish
 * itself stays as it is, so that it holds again with the next window, whether the origin is there or not.
 */
export function asScheduled(desired: DesiredSpace, now: number): DesiredSpace {
  if (desired.want !== 'running') return desired;
  const time = runningTime(desired, now);
  if (time.open) return desired;
  return { ...desired, want: 'stopped', closed: { since: time.since, message: scheduleSentence(desired, now) } };
}

/** When the answer of `asScheduled` becomes another one by itself; null when it does not. ms since the epoch */
export function scheduleTurns(desired: DesiredSpace, now: number): number | null {
  if (desired.want !== 'running') return null;
  const time = runningTime(desired, now);
  return time.open ? time.until : time.startsAt;
}
