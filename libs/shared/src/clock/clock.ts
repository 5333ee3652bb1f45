/** A timer that `Clock.setTimeout` gave out; only good for `clearTimeout` of the same clock. */
export interface ClockTimer {
  readonly clear: () => void;
}

/** Time as a dependency, so that everything above can run under a virtual clock. */
export interface Clock {
  /** Wall clock, milliseconds since 1970 UTC; may jump either way. */
  now(): number;
  /** Milliseconds since an arbitrary start; never goes back. */
  monotonic(): number;
  /** Runs `callback` once after `ms`, of any length. */
  setTimeout(callback: () => void, ms: number): ClockTimer;
  clearTimeout(timer: ClockTimer): void;
  /** Resolves after `ms`; rejects with the signal's reason as soon as it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
