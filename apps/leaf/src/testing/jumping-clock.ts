import type { Clock } from '@knot/shared';

/** A clock of one leaf that can be ahead of the world's: what a process sees that was frozen, or whose clock was set. */
export class JumpingClock implements Clock {
  /** ms */
  wallAhead = 0;
  monotonicAhead = 0;

  constructor(private readonly inner: Clock) {}

  now(): number {
    return this.inner.now() + this.wallAhead;
  }

  monotonic(): number {
    return this.inner.monotonic() + this.monotonicAhead;
  }

  setTimeout(callback: () => void, ms: number) {
    return this.inner.setTimeout(callback, ms);
  }

  clearTimeout(timer: { readonly clear: () => void }): void {
    this.inner.clearTimeout(timer);
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return this.inner.sleep(ms, signal);
  }
}
