/** What `setTimeout` answered; only good for `clearTimeout` of the same clock. */
export interface TimerHandle {
  readonly clear: () => void;
}

/** The only time the engine knows, so that it runs the same under a virtual clock. */
export interface Clock {
  /** Milliseconds, monotonic, from any zero. Fractions are allowed. */
  now(): number;
  /** Calls `fire` once, `ms` from now, never from inside this call. */
  setTimeout(fire: () => void, ms: number): TimerHandle;
  clearTimeout(handle: TimerHandle): void;
}

/** Node fires a timer with a longer delay at once, so a longer wait is taken in stages. 24.8 days, in ms. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;
