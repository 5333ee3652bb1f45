import { windowAround, type Schedule } from './schedule.js';

/** A space as far as its schedule says whether it runs. Times are ms since the epoch. */
export interface Scheduled {
  /** As frozen at its start; null or absent: it may always run. */
  readonly schedule?: Schedule | null;
  /** Until when it may run in any case; 0 or absent: not beyond its window. */
  readonly extendedUntil?: number;
  readonly wishedAt: number;
}

export type RunningTime =
  /** `until` null: nothing stops it. */
  | { readonly open: true; readonly until: number | null }
  /** `since`: when it was to stop; `startsAt`: when it starts by itself, null where it does not; `opensAt`: when it may. */
  | {
      readonly open: false;
      readonly since: number;
      readonly startsAt: number | null;
      readonly opensAt: number | null;
    };

/**
 * Whether a space that is wished to run may run now. With auto-start each window opens it again; else it runs until the
 * end of the window in which it was wished for, and then waits for another wish. Needs nothing but the space and a clock.
 */
export function runningTime({ schedule = null, extendedUntil = 0, wishedAt }: Scheduled, now: number): RunningTime {
  if (!schedule) return { open: true, until: null };
  const around = windowAround(schedule, now);
  if (schedule.autoStart) {
    if (around.open) return { open: true, until: around.until === null ? null : Math.max(around.until, extendedUntil) };
    if (now < extendedUntil) return { open: true, until: extendedUntil };
    const { opensAt } = around;
    return { open: false, since: Math.max(around.since, extendedUntil), startsAt: opensAt, opensAt };
  }
  const wished = windowAround(schedule, wishedAt);
  if (wished.open && wished.until === null) return { open: true, until: null };
  const end = Math.max(wished.open ? (wished.until ?? 0) : wishedAt, extendedUntil);
  if (now < end) return { open: true, until: end };
  return { open: false, since: end, startsAt: null, opensAt: around.open ? now : around.opensAt };
}

/** When and why it stops or starts, in one sentence; '' where no schedule says anything. */
export function scheduleSentence(space: Scheduled, now: number): string {
  const { schedule } = space;
  if (!schedule) return '';
  const time = runningTime(space, now);
  const at = (moment: number) => `${clockText(moment, schedule.timezone)} (${schedule.timezone})`;
  if (time.open)
    return time.until === null ? '' : `It stops at ${at(time.until)}, as the schedule of its template says.`;
  if (time.startsAt !== null) return `Its schedule has stopped it; it starts by itself at ${at(time.startsAt)}.`;
  if (time.opensAt === null) return 'Its schedule has stopped it, and opens no more within a year.';
  if (time.opensAt <= now) return 'Its schedule had stopped it; start it again.';
  return `Its schedule has stopped it; it can be started from ${at(time.opensAt)} on.`;
}

function clockText(at: number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    hour: '2-digit',
    minute: '2-digit',
  }).format(at);
}
