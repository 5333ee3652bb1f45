import type { Turn } from './breath.js';
import type { TimerHandle } from './clock.js';
import { highest, PRIORITIES, type Priority } from './priority.js';

export interface Run {
  readonly priority: Priority;
  readonly attempt: number;
  readonly startedAt: number;
  readonly abort: AbortController;
  deadline?: TimerHandle;
  /** In which it began. */
  readonly turn: Turn;
  /** Resolved when the run has really ended; never rejected. */
  readonly ended: PromiseWithResolvers<void>;
  /** Past its deadline: already counted as failed, and no longer holding a worker. */
  overdue: boolean;
  /** Its key was forgotten while it ran: its answer concerns nobody. */
  forgotten: boolean;
  /** Aborted by a stop, which is no failure of its own. */
  interrupted: boolean;
}

/** What the engine knows of one key. A key with nothing of this has no entry. */
export interface Entry {
  readonly key: string;
  /** Failed runs in a row. */
  failures: number;
  /** A run asked for that has not begun: queued; or dirty, while one runs; or held back by a back-off. */
  wish?: Priority;
  /** End of the back-off. Until then only a user's wish makes the key run. */
  heldUntil: number;
  /**
   * Runs asked for at later moments, the earliest of each priority. Apart, because one moment at the highest priority would
   * let a hint that comes first end a back-off in the name of a user's wish that comes after it.
   */
  wakes?: Map<Priority, number>;
  run?: Run;
  terminal: boolean;
}

export function newEntry(key: string): Entry {
  return { key, failures: 0, heldUntil: 0, terminal: false };
}

/** Adds a wish. A user's is a fresh beginning: no failure counts any more, no back-off holds it. */
export function ask(entry: Entry, priority: Priority): void {
  entry.wish = highest(priority, entry.wish);
  if (priority === 'user') clearFailures(entry);
}

/** Of two moments of one priority the earlier counts. */
export function askAt(entry: Entry, atMs: number, priority: Priority): void {
  entry.wakes ??= new Map();
  entry.wakes.set(priority, Math.min(atMs, entry.wakes.get(priority) ?? atMs));
}

/** The first moment at which something is asked; Infinity where nothing is. */
export function nextWake(entry: Entry): number {
  return entry.wakes ? Math.min(...entry.wakes.values()) : Infinity;
}

/** Turns the moments that have come into wishes. */
export function askWhatIsDue(entry: Entry, now: number): void {
  for (const priority of PRIORITIES) {
    if ((entry.wakes?.get(priority) ?? Infinity) > now) continue;
    entry.wakes?.delete(priority);
    ask(entry, priority);
  }
  if (entry.wakes?.size === 0) entry.wakes = undefined;
}

export function clearFailures(entry: Entry): void {
  entry.failures = 0;
  entry.heldUntil = 0;
}

/** Whether nothing is left to remember. */
export function isSpent(entry: Entry): boolean {
  return !entry.run && !entry.wish && !entry.wakes && !entry.terminal;
}
