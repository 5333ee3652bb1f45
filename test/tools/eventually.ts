import { inspect } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';

export interface EventuallyOptions {
  /** Milliseconds until it is given up; 30 s unless said: the machine may be busy, and how fast is for test/bench. */
  timeout?: number;
  /** Milliseconds between two looks; 100 unless said. */
  interval?: number;
  /** What is waited for, for the error's text. */
  what?: string;
}

interface Last {
  value?: unknown;
  error?: unknown;
}

function timedOut(ms: number, what: string, last: Last): Error {
  const seen = 'error' in last ? `the last look threw` : `last seen: ${inspect(last.value, { depth: 6 })}`;
  return new Error(`Waited ${ms} ms in vain for ${what}; ${seen}`, { cause: last.error });
}

/**
 * Looks again and again until `accept` takes what `look` returns (unless given: until it is truthy), and returns that.
 * A look that throws counts as not yet; a look that hangs does not outlive the time-out.
 */
export async function eventually<T>(
  look: () => T | Promise<T>,
  accept: (value: T) => boolean = Boolean,
  { timeout = 30_000, interval = 100, what = 'a condition' }: EventuallyOptions = {},
): Promise<T> {
  const end = Date.now() + timeout;
  let last: Last = {};
  const over = new AbortController();
  const gaveUp = sleep(timeout, 'gave up' as const, { signal: over.signal, ref: true }).catch(() => 'gave up' as const);
  try {
    while (Date.now() < end) {
      const looked = Promise.resolve()
        .then(look)
        .then(
          (value) => ({ value }),
          (error: unknown) => ({ error }),
        );
      const seen = await Promise.race([looked, gaveUp]);
      if (seen === 'gave up') break;
      last = seen;
      if ('value' in seen && accept(seen.value)) return seen.value;
      await sleep(Math.min(interval, Math.max(0, end - Date.now())));
    }
  } finally {
    over.abort();
  }
  throw timedOut(timeout, what, last);
}

/** Sees to it that a condition holds during the whole time (milliseconds): for "nothing happens". */
export async function always<T>(
  look: () => T | Promise<T>,
  accept: (value: T) => boolean,
  { timeout = 3_000, interval = 100, what = 'the condition' }: EventuallyOptions = {},
): Promise<void> {
  for (const end = Date.now() + timeout; Date.now() < end; await sleep(interval)) {
    const value = await look();
    if (!accept(value)) throw new Error(`${what} held no longer; seen: ${inspect(value, { depth: 6 })}`);
  }
}
