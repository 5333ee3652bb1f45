import { spokenLanguage } from './language.js';
import { texts } from './texts.js';

interface Formats {
  readonly clock: Intl.DateTimeFormat;
  readonly day: Intl.DateTimeFormat;
  readonly dayAndTime: Intl.DateTimeFormat;
  readonly full: Intl.DateTimeFormat;
}

let zone: string | undefined;
let formats: Formats | null = null;

/** `zone` of the user's profile, an IANA name; the browser's while it names none that the browser knows. */
export function setZone(name: string): void {
  const known = isZone(name) ? name : undefined;
  if (known === zone) return;
  zone = known;
  formats = null;
}

/** Whether it is the name of a time zone that the browser knows. */
export function isZone(name: string): boolean {
  try {
    return name !== '' && new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== '';
  } catch {
    return false;
  }
}

function made(): Formats {
  // dates as the browser writes them, as long as it speaks the language of the page
  const language = spokenLanguage();
  const locale = navigator.languages.find((tag) => tag.toLowerCase().startsWith(language)) ?? language;
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { timeZone: zone, hourCycle: 'h23', ...options });
  formats ??= {
    clock: format({ hour: '2-digit', minute: '2-digit', second: '2-digit' }),
    day: format({ dateStyle: 'medium' }),
    dayAndTime: format({ dateStyle: 'medium', timeStyle: 'short' }),
    full: format({ dateStyle: 'full', timeStyle: 'long' }),
  };
  return formats;
}

/** All take ms since the epoch and answer in the user's zone. */
export function clockTime(at: number): string {
  return made().clock.format(at);
}

/** The time of day, with the day where it is not today's. */
export function shortTime(at: number, now = Date.now()): string {
  const { clock, day, dayAndTime } = made();
  return day.format(at) === day.format(now) ? clock.format(at) : dayAndTime.format(at);
}

/** For a tooltip: with zone. */
export function fullTime(at: number): string {
  return made().full.format(at);
}

/** 40 ms, 1.4 s, 12 s, 3 min 5 s, 2 h 10 min. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  const seconds = ms / 1_000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : texts.common.days(Math.floor(hours / 24));
}

/** As a field of date and time wants it, in the user's zone: `2026-11-29T17:05`; '' for NaN. */
export function wallTime(at: number): string {
  if (Number.isNaN(at)) return '';
  return new Date(at + offsetAt(at)).toISOString().slice(0, 16);
}

/** The moment that a field of date and time means in the user's zone; NaN for none. */
export function momentOfWall(text: string): number {
  const asUtc = Date.parse(`${text}Z`);
  if (Number.isNaN(asUtc)) return NaN;
  // once more by the offset that holds there, for days on which clocks are set
  return asUtc - offsetAt(asUtc - offsetAt(asUtc));
}

/** By how much the clocks of the user's zone are ahead of UTC at a moment, ms; whole minutes. */
function offsetAt(at: number): number {
  const format = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
  const name = format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign = '+', hours = '0', minutes = '0'] = /([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}
