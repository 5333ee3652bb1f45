import type { Clock } from '@knot/shared';
import type { Store, StreamName } from '@knot/shared/store';

/** Wakes whoever waits for a stream of the revision log. A wake-up is a hint: the log is read afterwards. */
export class StreamWakeups {
  private readonly waiting = new Map<StreamName, Set<() => void>>();
  private readonly unsubscribe: () => void;

  constructor(
    store: Store,
    private readonly clock: Clock,
  ) {
    this.unsubscribe = store.onCommit((streams) => streams.forEach((stream) => this.wake(stream)));
  }

  /**
   * Listens from now on: `next` resolves at once when a commit came since the last `next`, and after `ms` at the latest.
   */
  listen(stream: StreamName, signal: AbortSignal): { next(ms: number): Promise<void>; close(): void } {
    let woken = false;
    let release: (() => void) | null = null;
    const wake = () => {
      woken = true;
      release?.();
    };
    const listeners = this.waiting.get(stream) ?? new Set();
    this.waiting.set(stream, listeners.add(wake));
    signal.addEventListener('abort', wake, { once: true });
    const next = async (ms: number) => {
      if (!woken) {
        await new Promise<void>((resolve) => {
          const timer = this.clock.setTimeout(resolve, ms);
          release = () => {
            this.clock.clearTimeout(timer);
            resolve();
          };
        });
      }
      woken = false;
      release = null;
    };
    const close = () => {
      signal.removeEventListener('abort', wake);
      listeners.delete(wake);
      if (listeners.size === 0) this.waiting.delete(stream);
    };
    return { next, close };
  }

  close(): void {
    this.unsubscribe();
  }

  wake(stream: StreamName): void {
    this.waiting.get(stream)?.forEach((wake) => wake());
  }
}
