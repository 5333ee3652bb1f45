import { localDay, localWeekday, utcOf } from './zone-time.js';

/** A time of the week in which spaces may run, by the clock of the schedule's zone. */
export interface ScheduleWindow {
  /** On which it begins: 0 = Sunday to 6 = Saturday. */
  readonly days: readonly number[];
  /** Minutes from midnight. */
  readonly from: number;
  /** Minutes from midnight; not after `from`: on the next day. */
  readonly to: number;
}

export interface Schedule {
  /** IANA name. */
  readonly timezone: string;
  readonly windows: readonly ScheduleWindow[];
  /** Days `YYYY-MM-DD` on which no window begins. */
  readonly holidays: readonly string[];
  /** Whether what the end of a window stopped starts by itself with the next one. */
  readonly autoStart: boolean;
}

/** Where a moment lies. Times are ms since the epoch. */
export type WindowAround =
  /** `until` null: it never ends, as far as can be seen. */
  | { readonly open: true; readonly until: number | null }
  /** `since` 0: there was none for long; `opensAt` null: there will be none for long. */
  | { readonly open: false; readonly since: number; readonly opensAt: number | null };

const DAY_MS = 86_400_000;
/** How far back and ahead windows are looked for at first, and how far for the next one after holidays, days. */
const BACK = 9;
const AHEAD = 9;
const FARTHEST = 370;

interface Interval {
  readonly from: number;
  readonly to: number;
}

/** Whether a moment lies within a window, until when, and else when the next one begins. */
export function windowAround(schedule: Schedule, at: number): WindowAround {
  const today = localDay(at, schedule.timezone);
  const known = intervals(schedule, today, -BACK, AHEAD);
  const around = known.find(({ from, to }) => from <= at && at < to);
  if (around) {
    const seen = at + (AHEAD - 2) * DAY_MS;
    return { open: true, until: around.to >= seen ? null : around.to };
  }
  const since = Math.max(0, ...known.filter(({ to }) => to <= at).map(({ to }) => to));
  const next = known.find(({ from }) => from > at) ?? intervals(schedule, today, AHEAD + 1, FARTHEST)[0];
  return { open: false, since, opensAt: next?.from ?? null };
}

/** The windows that begin on the days from `first` to `last` after `today`, in order, those that touch as one. */
function intervals(schedule: Schedule, today: number, first: number, last: number): readonly Interval[] {
  const { timezone, windows } = schedule;
  const holidays = new Set(schedule.holidays);
  const all: Interval[] = [];
  for (let day = today + first; day <= today + last; day += 1) {
    if (holidays.has(new Date(day * DAY_MS).toISOString().slice(0, 10))) continue;
    for (const { days, from, to } of windows) {
      if (!days.includes(localWeekday(day))) continue;
      const ends = to <= from ? day + 1 : day;
      all.push({ from: utcOf(day, from, timezone, 'first'), to: utcOf(ends, to, timezone, 'last') });
    }
  }
  const merged: Interval[] = [];
  for (const one of all.sort((a, b) => a.from - b.from)) {
    const before = merged.at(-1);
    // a clock that skips a window altogether leaves nothing of it
    if (one.to <= one.from) continue;
    if (before && one.from <= before.to) merged[merged.length - 1] = { ...before, to: Math.max(before.to, one.to) };
    else merged.push(one);
  }
  return merged;
}
