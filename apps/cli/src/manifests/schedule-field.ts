import type { Schedule } from '@knot/domain';

/** A schedule as people write it. */
export interface ScheduleSpec {
  /** IANA name. */
  readonly timezone: string;
  /** `days` on which it begins, `sun` to `sat`; `from` and `to` as `08:30`, a `to` that is not later on the next day. */
  readonly windows: readonly { readonly days: readonly string[]; readonly from: string; readonly to: string }[];
  /** Days `YYYY-MM-DD` on which none begins. */
  readonly holidays?: readonly string[];
  readonly autoStart?: boolean;
}

/** Of a template whose spaces may always run. */
export const ALWAYS = 'always';

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** What stands in a manifest; undefined where it is no schedule. What a time zone and a holiday are the server says. */
export function parseSchedule(value: unknown): ScheduleSpec | typeof ALWAYS | undefined {
  if (value === ALWAYS) return ALWAYS;
  const { timezone, windows, holidays, autoStart, ...others } = fieldsOf(value);
  const read = Array.isArray(windows) ? windows.map(parseWindow) : [];
  const given = read.flatMap((one) => one ?? []);
  if (typeof timezone !== 'string' || given.length === 0 || given.length < read.length) return undefined;
  if (autoStart !== undefined && typeof autoStart !== 'boolean') return undefined;
  if ((holidays !== undefined && !areTexts(holidays)) || Object.keys(others).length > 0) return undefined;
  return { timezone, windows: given, ...(holidays && { holidays }), ...(autoStart !== undefined && { autoStart }) };
}

/** As the API takes it, and in the same form whatever the order it was written in. */
export function scheduleBody(spec: ScheduleSpec) {
  return inOrder({
    timezone: spec.timezone,
    windows: spec.windows.map(({ days, from, to }) => ({
      days: days.map((day) => DAYS.indexOf(day)),
      from: minutesOf(from) ?? 0,
      to: minutesOf(to) ?? 0,
    })),
    holidays: spec.holidays ?? [],
    autoStart: spec.autoStart ?? false,
  });
}

/** A schedule of the API with its parts in one order, so that two can be compared. */
export function inOrder({ timezone, windows, holidays, autoStart }: Schedule) {
  return {
    timezone,
    windows: windows.map(({ days, from, to }) => ({ days: days.toSorted(), from, to })),
    holidays: holidays.toSorted(),
    autoStart,
  };
}

export function scheduleSpec(schedule: Schedule): ScheduleSpec {
  const { timezone, windows, holidays, autoStart } = inOrder(schedule);
  return {
    timezone,
    windows: windows.map(({ days, from, to }) => ({
      days: days.map((day) => DAYS[day] ?? ''),
      from: timeOf(from),
      to: timeOf(to),
    })),
    ...(holidays.length > 0 && { holidays }),
    ...(autoStart && { autoStart }),
  };
}

function parseWindow(value: unknown): ScheduleSpec['windows'][number] | undefined {
  const { days, from, to, ...others } = fieldsOf(value);
  if (!areTexts(days) || days.length === 0 || !days.every((day) => DAYS.includes(day))) return undefined;
  if (new Set(days).size < days.length || Object.keys(others).length > 0) return undefined;
  if (typeof from !== 'string' || typeof to !== 'string') return undefined;
  return minutesOf(from) === null || minutesOf(to) === null ? undefined : { days, from, to };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};
}

function areTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function minutesOf(time: string): number | null {
  const [, hours = '', minutes = ''] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(time) ?? [];
  return hours === '' ? null : Number(hours) * 60 + Number(minutes);
}

function timeOf(minutes: number): string {
  const two = (number: number) => String(number).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
