import type { Clock, ClockTimer } from '@knot/shared';

interface Entry {
  readonly at: number;
  readonly number: number;
  readonly fire: () => void;
  cleared: boolean;
}

/** Where the time of every simulation begins, ms since the epoch. */
const EPOCH = 1_800_000_000_000;

/**
 * The time of a simulated world: it passes only when nothing is left to do. Timers fire one by one, by time and then by
 * age; whatever one of them starts has its turns before the next.
 */
export class SimClock implements Clock {
  private elapsed = 0;
  private made = 0;
  private readonly heap: Entry[] = [];
  /** Timers that have fired: a world that spins at one moment is seen by it. */
  turns = 0;

  now(): number {
    return EPOCH + Math.floor(this.elapsed);
  }

  monotonic(): number {
    return this.elapsed;
  }

  setTimeout(fire: () => void, ms: number): ClockTimer {
    const entry: Entry = { at: this.elapsed + Math.max(0, ms), number: ++this.made, fire, cleared: false };
    this.push(entry);
    return { clear: () => (entry.cleared = true) };
  }

  clearTimeout(timer: ClockTimer): void {
    timer.clear();
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return sleepBy(this, ms, signal);
  }

  /** Lets time pass until `end`, or until `stop` holds after a turn. */
  async run(end: number, stop: () => boolean = () => false): Promise<void> {
    await turn();
    while (!stop()) {
      const next = this.heap[0];
      if (!next || next.at > end) break;
      this.pop();
      if (next.cleared) continue;
      this.elapsed = Math.max(this.elapsed, next.at);
      next.fire();
      await turn();
      this.turns++;
    }
    if (!stop()) this.elapsed = Math.max(this.elapsed, end);
  }

  private push(entry: Entry): void {
    const { heap } = this;
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.before(at, parent)) break;
      this.swap(at, parent);
      at = parent;
    }
  }

  private pop(): void {
    const { heap } = this;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    heap[0] = last;
    let at = 0;
    for (;;) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      let least = at;
      if (left < heap.length && this.before(left, least)) least = left;
      if (right < heap.length && this.before(right, least)) least = right;
      if (least === at) return;
      this.swap(at, least);
      at = least;
    }
  }

  private before(one: number, other: number): boolean {
    const [a, b] = [this.heap[one], this.heap[other]];
    if (!a || !b) return false;
    return a.at === b.at ? a.number < b.number : a.at < b.at;
  }

  private swap(one: number, other: number): void {
    const { heap } = this;
    const [a, b] = [heap[one], heap[other]];
    if (a && b) [heap[one], heap[other]] = [b, a];
  }
}

export function sleepBy(clock: Pick<Clock, 'setTimeout'>, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = () => {
      timer.clear();
      reject(signal?.reason);
    };
    const timer = clock.setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** All promises that wait for nothing else have run when a turn of the event loop is over. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
