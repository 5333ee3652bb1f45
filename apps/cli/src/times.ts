const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `12s ago`; `-` for 0, which the API gives for never. */
export function ago(at: number, now: number): string {
  return at === 0 ? '-' : `${age(Math.max(0, now - at))} ago`;
}

/** A length of time in its largest unit: `12s`, `3m`, `5h`, `40d`. */
export function age(ms: number): string {
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)}s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)}m`;
  return ms < 2 * DAY ? `${Math.floor(ms / HOUR)}h` : `${Math.floor(ms / DAY)}d`;
}

/** A length of time to a tenth of a second, for steps that are short: `0.4s`, `2m 05s`. */
export function duration(ms: number): string {
  if (ms < MINUTE) return `${(Math.max(0, ms) / SECOND).toFixed(1)}s`;
  const seconds = Math.floor((ms % MINUTE) / SECOND);
  return ms < HOUR ? `${Math.floor(ms / MINUTE)}m ${String(seconds).padStart(2, '0')}s` : age(ms);
}

/** Time of day where the user is: `20:15:03`. */
export function timeOfDay(at: number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone, timeStyle: 'medium' }).format(at);
}

/** `30`, `30s`, `5m`, `1h`: a length of time in ms; undefined where it is none. A number alone is seconds. */
export function parseDuration(text: string): number | undefined {
  const [, count = '', unit = 's'] = /^(\d{1,6})(s|m|h)?$/.exec(text) ?? [];
  if (count === '') return undefined;
  return Number(count) * (unit === 'h' ? HOUR : unit === 'm' ? MINUTE : SECOND);
}

/** A moment: an ISO date or time, or a length of time before now, as `30m`, `24h` or `7d`; undefined where it is neither. */
export function parseMoment(text: string, now: number): number | undefined {
  const [, count = '', unit = ''] = /^(\d{1,6})(m|h|d)$/.exec(text) ?? [];
  if (count !== '') return now - Number(count) * (unit === 'd' ? DAY : unit === 'h' ? HOUR : MINUTE);
  const at = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}
