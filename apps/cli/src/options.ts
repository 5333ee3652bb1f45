import { InvalidArgumentError, Option } from 'commander';
import { parseDuration } from './times.js';

/** `--timeout <time>`, in ms. */
export function timeoutOption(help: string, fallback?: string): Option {
  const option = new Option('--timeout <time>', `${help}, as 30s, 5m or 1h`);
  option.argParser((text) => parseTimeout(text));
  return fallback === undefined ? option : option.default(parseTimeout(fallback), fallback);
}

function parseTimeout(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined || ms === 0) throw new InvalidArgumentError('It is a time like 30s, 5m or 1h.');
  return ms;
}

/** For options that can be given several times, or hold several values with commas. */
export function collect(text: string, earlier: readonly string[] | undefined): string[] {
  const parts = text.split(',').map((part) => part.trim());
  return [...(earlier ?? []), ...parts.filter((part) => part !== '')];
}

export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It is a whole number, 0 or more.');
  return Number(text);
}

/** A TCP port. */
export function parsePort(text: string): number {
  const port = wholeNumber(text);
  if (port < 1 || port > 65_535) throw new InvalidArgumentError('Ports go from 1 to 65535.');
  return port;
}
