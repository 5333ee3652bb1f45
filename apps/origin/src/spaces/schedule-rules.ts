import { runningTime, scheduleSentence, type Schedule, type Want } from '@knot/domain';
import { KnotError } from '@knot/shared/errors';
import type { SpaceRow } from '@knot/shared/store';

const MINUTE_MS = 60_000;
/** Nobody runs on for ever by extending again and again. */
const MOST_BEYOND_MS = 12 * 60 * MINUTE_MS;

type Timed = Pick<SpaceRow, 'want' | 'schedule' | 'extendedUntil' | 'wishedAt'>;

/** What is wished for as far as it still holds: a schedule without auto-start has ended the wish of a window that is over. */
export function wantNow(space: Timed, now: number): Want {
  if (space.want !== 'running' || !space.schedule || space.schedule.autoStart) return space.want;
  return runningTime(space, now).open ? 'running' : 'stopped';
}

/** Throws where a start of now would be stopped at once and nothing would start it later. */
export function assertOpenNow(schedule: Schedule | null, at: number): void {
  const space = { schedule, wishedAt: at };
  if (!schedule || schedule.autoStart || runningTime(space, at).open) return;
  const hint = scheduleSentence(space, at).replace(/^[^;]*; i/, 'I');
  throw new KnotError('state.refused', 'The schedule of its template does not let it run now.', hint);
}

/** The end of a run that is made so many minutes longer; throws where nothing ends it, or it ends too late already. */
export function extendedUntil(space: SpaceRow, minutes: number, now: number): number {
  const time = runningTime(space, now);
  if (space.want !== 'running' || !time.open || time.until === null) {
    const message = space.schedule ? 'It does not run now.' : 'It has no schedule, so nothing stops it.';
    throw new KnotError(
      'state.refused',
      message,
      space.schedule ? 'Start it within its schedule.' : 'There is nothing to do.',
    );
  }
  const plain = runningTime({ ...space, extendedUntil: 0 }, now);
  const planned = plain.open ? (plain.until ?? now) : plain.since;
  const until = time.until + minutes * MINUTE_MS;
  if (until <= planned + MOST_BEYOND_MS) return until;
  const message = 'It can run at most 12 hours beyond its schedule.';
  throw new KnotError('state.refused', message, 'Ask for less, or start it again within the schedule.');
}
