import { KeyedHeap } from './keyed-heap.js';
import { ageingMs, isHigher, PRIORITIES, type Priority } from './priority.js';

/** After so many users' changes in a row, a key that has aged up to them gets one turn. */
const USER_RUNS_IN_A_ROW = 8;

export interface Taken {
  key: string;
  priority: Priority;
  /** Time in the queue at this priority, in ms. */
  waitedMs: number;
}

/**
 * The keys that may run now, each once, at the highest priority anybody asked for.
 *
 * Users' changes go first, however long the rest has waited. The rest is ordered by the moment at which each key has aged
 * up to a user's change; that moment never moves, so nothing is ever re-sorted. A flood of users' changes cannot starve
 * the rest: every ninth turn goes to a key that has aged that far.
 */
export class ReadyQueue {
  /** Per priority, keys by the time since which they wait. */
  private readonly lines: Record<Priority, KeyedHeap> = {
    user: new KeyedHeap(),
    status: new KeyedHeap(),
    drift: new KeyedHeap(),
    resync: new KeyedHeap(),
  };
  private readonly priorities = new Map<string, Priority>();
  private usersInARow = 0;

  get size(): number {
    return this.priorities.size;
  }

  /** Adds the key, or raises it. A raised key keeps the time it waited, but to become a user's change is a new wait. */
  put(key: string, priority: Priority, now: number): void {
    const present = this.priorities.get(key);
    if (present && !isHigher(priority, present)) return;
    const since = present && priority !== 'user' ? (this.lines[present].rankOf(key) ?? now) : now;
    if (present) this.lines[present].delete(key);
    this.lines[priority].set(key, since);
    this.priorities.set(key, priority);
  }

  /** Whose turn it is. */
  next(now: number): Priority | undefined {
    const aged = this.mostAged();
    const user = this.lines.user.size > 0;
    const agedTurn = aged !== undefined && aged.urgentAt <= now && this.usersInARow >= USER_RUNS_IN_A_ROW;
    return user && !agedTurn ? 'user' : aged?.priority;
  }

  take(now: number): Taken | undefined {
    const priority = this.next(now);
    const head = priority && this.lines[priority].peek();
    if (!head) return undefined;
    this.usersInARow = priority === 'user' ? this.usersInARow + 1 : 0;
    const taken: Taken = { key: head.key, priority, waitedMs: now - head.rank };
    this.delete(head.key);
    return taken;
  }

  delete(key: string): void {
    const priority = this.priorities.get(key);
    if (!priority) return;
    this.lines[priority].delete(key);
    this.priorities.delete(key);
  }

  depth(priority: Priority): number {
    return this.lines[priority].size;
  }

  /** How long the oldest key of this priority waits, in ms; 0 where none does. */
  oldestAgeMs(priority: Priority, now: number): number {
    return now - (this.lines[priority].peek()?.rank ?? now);
  }

  private mostAged(): { priority: Priority; urgentAt: number } | undefined {
    let best: { priority: Priority; urgentAt: number } | undefined;
    for (const priority of PRIORITIES) {
      const head = priority === 'user' ? undefined : this.lines[priority].peek();
      if (!head) continue;
      const urgentAt = head.rank + ageingMs(priority);
      if (!best || urgentAt < best.urgentAt) best = { priority, urgentAt };
    }
    return best;
  }
}
