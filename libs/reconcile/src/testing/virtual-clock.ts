import type { Clock, TimerHandle } from '../clock.js';
import { KeyedHeap } from '../keyed-heap.js';

/**
 * A clock that stands still until told to move. Between two moments it waits for promises and immediates, not for disk or
 * network: what is simulated under it must not wait for those.
 */
export class VirtualClock implements Clock {
  private time = 0;
  private handles = 0;
  private readonly moments = new KeyedHeap();
  private readonly timers = new Map<string, () => void>();

  now(): number {
    return this.time;
  }

  /** Timers not yet fired. */
  get pending(): number {
    return this.timers.size;
  }

  setTimeout(fire: () => void, ms: number): TimerHandle {
    const key = String(++this.handles);
    this.timers.set(key, fire);
    this.moments.set(key, this.time + Math.max(0, ms));
    return {
      clear: () => {
        this.moments.delete(key);
        this.timers.delete(key);
      },
    };
  }

  clearTimeout(timer: TimerHandle): void {
    timer.clear();
  }

  /** Resolves when everything that can happen without time passing has happened. */
  async settle(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** Moves on by `ms`, stopping at each timer on the way to fire it and let what it caused happen. */
  async advance(ms: number): Promise<void> {
    const end = this.time + ms;
    await this.settle();
    for (let head = this.moments.peek(); head && head.rank <= end; head = this.moments.peek()) {
      this.time = Math.max(this.time, head.rank);
      const fire = this.timers.get(head.key);
      this.moments.delete(head.key);
      this.timers.delete(head.key);
      fire?.();
      await this.settle();
    }
    this.time = end;
  }
}
