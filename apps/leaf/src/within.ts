import type { Clock } from '@knot/shared';
import { KnotError } from '@knot/shared/errors';

/** Runs `work` with a signal that comes after `ms` at the latest, and clears up behind it. */
export async function within<T>(
  clock: Clock,
  ms: number,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const deadline = new AbortController();
  const timer = clock.setTimeout(
    () => deadline.abort(new KnotError('backend.unavailable', 'No answer came in time.')),
    Math.max(0, ms),
  );
  try {
    return await work(AbortSignal.any([outer, deadline.signal]));
  } finally {
    clock.clearTimeout(timer);
  }
}

/** Sleeps, or wakes early when the signal comes; never throws. */
export async function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  await clock.sleep(ms, signal).catch(() => undefined);
}
