const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

const QUARTER_MS = 15 * MINUTE_MS;
const MOST_OFFSETS = 20_000;

const offsets = new Map<string, number>();
const formats = new Map<string, Intl.DateTimeFormat>();

/** The day, counted from 1970-01-01, that the clocks of a zone show. */
export function localDay(at: number, timezone: string): number {
  return Math.floor(localTime(at, timezone) / DAY_MS);
}

/** 0 = Sunday. */
export function localWeekday(day: number): number {
  return (((day + 4) % 7) + 7) % 7;
}

/**
 * The moment at which the clocks of a zone show a time of a day. A time that they show twice is the first or the last
 * of the two; one that they skip lies as long after the skip as it would have after its beginning.
 */
export function utcOf(day: number, minutes: number, timezone: string, which: 'first' | 'last'): number {
  const shown = day * DAY_MS + minutes * MINUTE_MS;
  const before = shown - offsetAt(shown - DAY_MS, timezone);
  const after = shown - offsetAt(shown + DAY_MS, timezone);
  const real = [before, after].filter((at) => localTime(at, timezone) === shown);
  if (real.length === 0) return before;
  return which === 'first' ? Math.min(...real) : Math.max(...real);
}

/** What the clocks of a zone show, as if it were UTC. */
function localTime(at: number, timezone: string): number {
  return at + offsetAt(at, timezone);
}

/** Clocks are changed at full quarters of an hour, so that within one nothing has to be looked up twice. */
function offsetAt(at: number, timezone: string): number {
  const quarter = Math.floor(at / QUARTER_MS);
  const key = `${timezone}/${quarter}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  if (offsets.size >= MOST_OFFSETS) offsets.clear();
  const begins = quarter * QUARTER_MS;
  const offset = shownAt(begins, timezone) - begins;
  offsets.set(key, offset);
  return offset;
}

function shownAt(at: number, timezone: string): number {
  const parts = new Map(
    formatOf(timezone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
}

function formatOf(timezone: string): Intl.DateTimeFormat {
  const known = formats.get(timezone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(timezone, format);
  return format;
}
