import type { DriverClock } from '../clock.js';

interface Timer {
  readonly at: number;
  readonly fire: () => void;
  readonly clear: () => void;
}

/** Time that passes only when told to: timers fire in order of time, then of arrival. Fits every clock port of knot. */
export class VirtualClock implements DriverClock {
  private elapsed = 0;
  private made = 0;
  private readonly timers = new Map<number, Timer>();

  constructor(private readonly epoch = 1_800_000_000_000) {}

  now(): number {
    return this.epoch + this.elapsed;
  }

  monotonic(): number {
    return this.elapsed;
  }

  setTimeout(fire: () => void, ms: number): { readonly clear: () => void } {
    const id = ++this.made;
    const timer: Timer = { at: this.elapsed + Math.max(0, ms), fire, clear: () => this.timers.delete(id) };
    this.timers.set(id, timer);
    return timer;
  }

  clearTimeout(timer: { readonly clear: () => void }): void {
    timer.clear();
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const onAbort = () => {
        timer.clear();
        reject(signal?.reason);
      };
      const timer = this.setTimeout(() => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      }, ms);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  /** Lets `ms` pass. Whatever a timer starts gets its turns before the next timer fires. */
  async advance(ms: number): Promise<void> {
    const end = this.elapsed + ms;
    await turns();
    for (let next = this.earliest(end); next !== null; next = this.earliest(end)) {
      const [id, timer] = next;
      this.timers.delete(id);
      this.elapsed = Math.max(this.elapsed, timer.at);
      timer.fire();
      await turns();
    }
    this.elapsed = end;
  }

  private earliest(end: number): [number, Timer] | null {
    let found: [number, Timer] | null = null;
    for (const entry of this.timers) {
      if (entry[1].at <= end && (found === null || entry[1].at < found[1].at)) found = entry;
    }
    return found;
  }
}

/** Two turns of the event loop: enough for chains of promises that wait for nothing else. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
}
