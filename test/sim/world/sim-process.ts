import type { Clock, ClockTimer } from '@knot/shared';
import { sleepBy, type SimClock } from './sim-clock.js';

/**
 * A process of the simulated world. All it learns of the outside comes through `deliver`: a frozen one learns it when it
 * wakes, a dead one never, so that its code stops at whatever `await` it stands.
 */
export class SimProcess {
  private state: 'running' | 'frozen' | 'dead' = 'running';
  private waiting: (() => void)[] = [];
  private calls = 0;
  private crashAt: { readonly call: number; readonly when: 'before' | 'after' } | null = null;
  /** How far its wall clock is off, ms. */
  wallAhead = 0;
  /** When it last woke, or began, ms. */
  awakeSince: number;
  readonly clock: Clock;
  readonly died: Promise<void>;
  private readonly tellDeath: () => void;

  constructor(
    private readonly world: SimClock,
    readonly name: string,
    private readonly onCrash: () => void = () => undefined,
  ) {
    const death = Promise.withResolvers<void>();
    this.died = death.promise;
    this.tellDeath = death.resolve;
    this.clock = this.makeClock();
    this.awakeSince = world.monotonic();
  }

  get alive(): boolean {
    return this.state !== 'dead';
  }

  get frozen(): boolean {
    return this.state === 'frozen';
  }

  kill(): void {
    if (this.state === 'dead') return;
    this.state = 'dead';
    this.waiting = [];
    this.tellDeath();
  }

  freeze(): void {
    if (this.state === 'running') this.state = 'frozen';
  }

  thaw(): void {
    if (this.state !== 'frozen') return;
    this.state = 'running';
    this.awakeSince = this.world.monotonic();
    // One by one, as an event loop takes them up.
    for (const callback of this.waiting.splice(0)) this.world.setTimeout(() => this.deliver(callback), 0);
  }

  /** Dies at the given call of the outside from now on, before it is made or after it took effect. */
  crashAfter(calls: number, when: 'before' | 'after'): void {
    this.crashAt = { call: this.calls + Math.max(1, calls), when };
  }

  /** No crash is to come. */
  disarm(): void {
    this.crashAt = null;
  }

  deliver(callback: () => void): void {
    if (this.state === 'running') callback();
    else if (this.state === 'frozen') this.waiting.push(callback);
  }

  /** A call of the outside. */
  call<T>(work: () => Promise<T>): Promise<T> {
    if (!this.alive) return never();
    if (this.frozen) return new Promise((resolve) => this.deliver(() => resolve(this.call(work))));
    const crash = this.crashAt?.call === ++this.calls ? this.crashAt.when : null;
    if (crash === 'before') {
      this.crash();
      return never();
    }
    const answer = work();
    if (crash === 'after')
      answer.then(
        () => this.crash(),
        () => this.crash(),
      );
    return this.gate(answer);
  }

  gate<T>(answer: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      answer.then(
        (value) => this.deliver(() => resolve(value)),
        (error: unknown) => this.deliver(() => reject(error)),
      );
    });
  }

  private crash(): void {
    if (!this.alive) return;
    this.kill();
    this.onCrash();
  }

  private makeClock(): Clock {
    const setTimeout = (callback: () => void, ms: number): ClockTimer => {
      let cleared = false;
      const timer = this.world.setTimeout(() => this.deliver(() => cleared || callback()), ms);
      const clear = () => {
        cleared = true;
        timer.clear();
      };
      return { clear };
    };
    return {
      now: () => this.world.now() + this.wallAhead,
      monotonic: () => this.world.monotonic(),
      setTimeout,
      clearTimeout: (timer) => timer.clear(),
      sleep: (ms, signal) => sleepBy({ setTimeout }, ms, signal),
    };
  }
}

function never<T>(): Promise<T> {
  return new Promise(() => undefined);
}
