import type { Clock } from '@knot/shared';
import { KnotError } from '@knot/shared/errors';

/** Runs `work` with a signal that comes after `ms` at the latest, and clears up behind it. */
export async function within<T>(
  clock: Clock,
  ms: number,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  // AbortSignal.any would cost more than most of what is done within it
  const limited = new AbortController();
  const end = () => limited.abort(outer.reason);
  if (outer.aborted) end();
  outer.addEventListener('abort', end, { once: true });
  const timer = clock.setTimeout(
    () => limited.abort(new KnotError('backend.unavailable', 'No answer came in time.')),
    Math.max(0, ms),
  );
  try {
    return await work(limited.signal);
  } finally {
    clock.clearTimeout(timer);
    outer.removeEventListener('abort', end);
  }
}

/** Sleeps, or wakes early when the signal comes; never throws. */
export async function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  await clock.sleep(ms, signal).catch(() => undefined);
}
