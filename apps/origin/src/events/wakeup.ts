/** Lets one loop sleep until somebody wakes it. */
export class Wakeup {
  stopped = false;
  /** Whether the last `next` ended by a wake-up. */
  woken = false;
  private pending = false;
  private release: (() => void) | null = null;

  wake(): void {
    this.pending = true;
    this.release?.();
  }

  stop(): void {
    this.stopped = true;
    this.wake();
  }

  /** Resolves at once when woken since the last call, and after `ms` at the latest. */
  async next(ms: number): Promise<void> {
    if (!this.pending) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.release = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.release = null;
    }
    this.woken = this.pending;
    this.pending = false;
  }
}
