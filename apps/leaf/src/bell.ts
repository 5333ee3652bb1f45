/** Something to wait for that others ring; rings that nobody waits for are remembered as one. */
export class Bell {
  private rung = false;
  private release: (() => void) | null = null;

  ring(): void {
    this.rung = true;
    this.release?.();
  }

  /** Resolves at the next ring (at once when one came since the last wait) or with the signal. One waits at a time. */
  async wait(signal: AbortSignal): Promise<void> {
    if (!this.rung && !signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.release = resolve;
      signal.addEventListener('abort', this.release, { once: true });
      await promise;
      signal.removeEventListener('abort', this.release);
      this.release = null;
    }
    this.rung = false;
  }
}
