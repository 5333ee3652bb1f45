import { LONGEST_TIMER_MS, type Clock, type TimerHandle } from './clock.js';
import { KeyedHeap } from './keyed-heap.js';

/** Keys that wait for a moment, at most one moment each, on a single timer of the clock. */
export class WakeUps {
  private readonly moments = new KeyedHeap();
  private armed: { at: number; handle: TimerHandle } | undefined;
  private running = false;

  constructor(
    private readonly clock: Clock,
    private readonly onDue: (key: string) => void,
  ) {}

  get size(): number {
    return this.moments.size;
  }

  set(key: string, atMs: number): void {
    this.moments.set(key, atMs);
    this.arm();
  }

  delete(key: string): void {
    if (this.moments.delete(key)) this.arm();
  }

  start(): void {
    this.running = true;
    this.arm();
  }

  /** Keeps the moments; those that pass meanwhile are due at the next start. */
  stop(): void {
    this.running = false;
    this.arm();
  }

  private arm(): void {
    const at = this.running ? this.moments.peek()?.rank : undefined;
    if (at === this.armed?.at) return;
    if (this.armed) this.clock.clearTimeout(this.armed.handle);
    this.armed = undefined;
    if (at === undefined) return;
    // Rounded up: a timer cuts fractions, and one that fires early would spin until the moment has come.
    const ms = Math.min(LONGEST_TIMER_MS, Math.max(0, Math.ceil(at - this.clock.now())));
    this.armed = { at, handle: this.clock.setTimeout(() => this.fire(), ms) };
  }

  private fire(): void {
    this.armed = undefined;
    const now = this.clock.now();
    for (let head = this.moments.peek(); head && head.rank <= now; head = this.moments.peek()) {
      this.moments.delete(head.key);
      this.onDue(head.key);
    }
    this.arm();
  }
}
