import type { Entry } from './entry.js';
import { PRIORITIES, type Priority } from './priority.js';
import type { ReadyQueue } from './ready-queue.js';

export interface EngineStats {
  /** Keys that may run now and wait for a worker. */
  queued: Record<Priority, number>;
  /** How long the oldest of them has waited, in ms; 0 where none waits. */
  oldestAgeMs: Record<Priority, number>;
  processing: number;
  /** Of those, runs that were aborted at their deadline and have not ended. */
  overdue: number;
  /** Of those, keys that were added again meanwhile. */
  dirty: number;
  /** Keys that back off after a failure. */
  backingOff: number;
  /** Keys with a run asked for at a later moment. */
  waiting: number;
  terminal: number;
  /** All keys the engine remembers anything of. */
  keys: number;
}

export function readStats(entries: Iterable<Entry>, ready: ReadyQueue, now: number): EngineStats {
  const stats: EngineStats = {
    queued: { user: 0, status: 0, drift: 0, resync: 0 },
    oldestAgeMs: { user: 0, status: 0, drift: 0, resync: 0 },
    processing: 0,
    overdue: 0,
    dirty: 0,
    backingOff: 0,
    waiting: 0,
    terminal: 0,
    keys: 0,
  };
  for (const priority of PRIORITIES) {
    stats.queued[priority] = ready.depth(priority);
    stats.oldestAgeMs[priority] = ready.oldestAgeMs(priority, now);
  }
  for (const entry of entries) count(stats, entry, now);
  return stats;
}

function count(stats: EngineStats, entry: Entry, now: number): void {
  stats.keys++;
  if (entry.run) stats.processing++;
  if (entry.run?.overdue) stats.overdue++;
  if (entry.run && entry.wish) stats.dirty++;
  if (!entry.run && entry.wish && entry.heldUntil > now) stats.backingOff++;
  if (entry.wakes) stats.waiting++;
  if (entry.terminal) stats.terminal++;
}
