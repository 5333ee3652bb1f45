import type { Schedule } from '../api/schemas.js';
import { isZone } from '../texts/format-time.js';
import { spokenLanguage } from '../texts/language.js';
import { texts } from '../texts/texts.js';

/** A schedule as its fields hold it. */
export interface ScheduleDraft {
  readonly windows: readonly WindowDraft[];
  readonly timezone: string;
  /** One per line. */
  readonly holidays: string;
  readonly autoStart: boolean;
}

export interface WindowDraft {
  /** 0 = Sunday to 6 = Saturday. */
  readonly days: readonly number[];
  /** `HH:MM`. */
  readonly from: string;
  readonly to: string;
}

/** The week as it is shown, from Monday on. */
export const WEEK = [1, 2, 3, 4, 5, 6, 0] as const;

export function newWindow(): WindowDraft {
  return { days: [1, 2, 3, 4, 5], from: '08:00', to: '18:00' };
}

export function newSchedule(): ScheduleDraft {
  const timezone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return { windows: [newWindow()], timezone, holidays: '', autoStart: false };
}

export function scheduleDraftOf(schedule: Schedule | null): ScheduleDraft | null {
  if (!schedule) return null;
  const windows = schedule.windows.map(({ days, from, to }) => ({ days, from: clockOf(from), to: clockOf(to) }));
  return { ...schedule, windows, holidays: schedule.holidays.join('\n') };
}

export function scheduleOf(draft: ScheduleDraft | null): Schedule | null {
  if (!draft) return null;
  const windows = draft.windows.map(({ days, from, to }) => ({
    days: [...days],
    from: minutesOf(from),
    to: minutesOf(to),
  }));
  return { windows, timezone: draft.timezone, holidays: linesOf(draft.holidays), autoStart: draft.autoStart };
}

/** What keeps a schedule from being saved, in a sentence; null where nothing does. */
export function scheduleProblem(draft: ScheduleDraft | null): string | null {
  if (!draft) return null;
  if (draft.windows.length === 0 || draft.windows.some(({ days }) => days.length === 0)) return texts.schedule.noDays;
  if (!isZone(draft.timezone)) return texts.schedule.noTimezone;
  const bad = linesOf(draft.holidays).find((line) => !/^\d{4}-\d\d-\d\d$/.test(line) || Number.isNaN(Date.parse(line)));
  return bad === undefined ? null : texts.schedule.badHoliday(bad);
}

/** A schedule in lines to be read. */
export function scheduleLines({ windows, timezone, holidays, autoStart }: Schedule): readonly string[] {
  const times = windows.map(({ days, from, to }) =>
    texts.schedule.line(
      daysText(days),
      clockOf(from),
      `${clockOf(to)}${to <= from ? ` (${texts.schedule.overnight})` : ''}`,
    ),
  );
  const rest = [
    timezone,
    ...(autoStart ? [texts.schedule.startsAgain] : []),
    ...(holidays.length > 0 ? [texts.schedule.daysOff(holidays.length)] : []),
  ];
  return [...times, rest.join(', ')];
}

/** Short name of a day of the week, in the language of the page. */
export function dayName(day: number): string {
  // the first Sunday after the epoch
  const at = Date.UTC(1970, 0, 4 + day);
  return new Intl.DateTimeFormat(spokenLanguage(), { weekday: 'short', timeZone: 'UTC' }).format(at);
}

/** Days in the order of the week, those that follow one another as `Mon – Fri`. */
function daysText(days: readonly number[]): string {
  const runs: number[][] = [];
  WEEK.forEach((day, at) => {
    if (!days.includes(day)) return;
    const last = runs.at(-1);
    if (last && at > 0 && last.at(-1) === WEEK[at - 1]) last.push(day);
    else runs.push([day]);
  });
  return runs
    .map((run) => {
      const [first = 0] = run;
      const last = run.at(-1) ?? first;
      return run.length > 2 ? `${dayName(first)} – ${dayName(last)}` : run.map(dayName).join(', ');
    })
    .join(', ');
}

function clockOf(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

function minutesOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return hours * 60 + minutes;
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
