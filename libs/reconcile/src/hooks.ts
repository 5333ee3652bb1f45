import type { Outcome } from './outcome.js';
import type { Priority } from './priority.js';

export interface RunStarted {
  key: string;
  priority: Priority;
  attempt: number;
  /** Time in the queue, in ms. */
  waitedMs: number;
}

export interface RunFinished {
  key: string;
  priority: Priority;
  attempt: number;
  durationMs: number;
  /** `deadline`: the run was aborted at its deadline; told then, and not again when it ends at last. */
  outcome: Outcome | { kind: 'deadline' };
}

export interface RetryScheduled {
  key: string;
  /** Failed runs in a row, 1 or more. */
  failures: number;
  delayMs: number;
  error: unknown;
}

/** For metrics and logs. What a hook throws is dropped: the engine goes on. Depth and age of the queue are in `stats()`. */
export interface EngineHooks {
  runStarted?(run: RunStarted): void;
  runFinished?(run: RunFinished): void;
  retryScheduled?(retry: RetryScheduled): void;
  /** `resync.keys()` threw; the keys it gave before are visited, the next round asks again. */
  resyncFailed?(error: unknown): void;
}
