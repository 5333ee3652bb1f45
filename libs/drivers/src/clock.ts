import { KnotError } from '@knot/shared/errors';

/** The only time that drivers know; what it takes of a clock is what any clock of knot has. */
export interface DriverClock {
  /** ms since the epoch; may jump. */
  now(): number;
  /** ms, never goes back, from any zero. Lock answers (`untilMonotonic`) are in it. */
  monotonic(): number;
  /** Calls `fire` once, `ms` from now, never from inside this call. */
  setTimeout(fire: () => void, ms: number): unknown;
  /** Takes what `setTimeout` answered. */
  clearTimeout(handle: unknown): void;
}

/** What a call throws that its caller gave up. Whether it had an effect is not known. */
export function givenUp(): KnotError {
  return new KnotError('backend.unavailable', 'The call was given up before the backend had answered.');
}

export function throwIfGivenUp(signal: AbortSignal): void {
  if (signal.aborted) throw givenUp();
}

/** Waits `ms`, or less when the signal comes first. Never throws: the caller looks at the signal. */
export function pause(clock: DriverClock, ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const finish = () => {
      clock.clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const timer = clock.setTimeout(finish, ms);
    signal.addEventListener('abort', finish, { once: true });
  });
}
