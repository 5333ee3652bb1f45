import type { DriverClock } from '../clock.js';

interface Timer {
  readonly at: number;
  readonly fire: () => void;
}

/** Time that passes only when told to: timers fire in order of time, then of arrival. */
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

  setTimeout(fire: () => void, ms: number): number {
    const id = ++this.made;
    this.timers.set(id, { at: this.elapsed + Math.max(0, ms), fire });
    return id;
  }

  clearTimeout(handle: unknown): void {
    if (typeof handle === 'number') this.timers.delete(handle);
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
