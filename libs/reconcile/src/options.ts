import { DEFAULT_BACKOFF, type Backoff } from './backoff.js';
import { LONGEST_TIMER_MS, type Clock } from './clock.js';
import type { EngineHooks } from './hooks.js';
import type { Outcome } from './outcome.js';
import type { Priority } from './priority.js';
import type { ResyncOptions } from './resync.js';

export interface RunContext {
  /** Aborted at the run's deadline, and by a stop that will wait no longer. */
  signal: AbortSignal;
  priority: Priority;
  /** 1, and one more for each failed run of this key in a row before this one. */
  attempt: number;
}

export interface EngineOptions {
  /** Brings one key's world nearer to what it should be. A throw is a `retry`. Never called twice at once for a key. */
  reconcile(key: string, run: RunContext): Promise<Outcome>;
  /** How many keys run at once. */
  workers: number;
  clock: Clock;
  /** From 0 up to but not including 1. */
  random: () => number;
  /** By default 50 ms to 5 min. */
  backoff?: Partial<Backoff>;
  resync?: ResyncOptions;
  hooks?: EngineHooks;
  /** A run that takes longer is aborted and counts as `retry`; in ms, by default 60 s. */
  runDeadlineMs?: number;
  /** How long `stop` lets runs go on before it aborts them, in ms; by default 10 s. */
  drainMs?: number;
  /** How long `stop` then waits for aborted runs to end, in ms; by default 1 s. */
  abortGraceMs?: number;
}

export type Settings = EngineOptions &
  Required<Pick<EngineOptions, 'runDeadlineMs' | 'drainMs' | 'abortGraceMs'>> & { backoff: Backoff };

/** Fills in the defaults. A number that makes no sense is a mistake of the program: RangeError. */
export function completeOptions(options: EngineOptions): Settings {
  const { runDeadlineMs = 60_000, drainMs = 10_000, abortGraceMs = 1_000 } = options;
  const settings = {
    ...options,
    runDeadlineMs,
    drainMs,
    abortGraceMs,
    backoff: { ...DEFAULT_BACKOFF, ...options.backoff },
  };
  const { workers, backoff, resync } = settings;
  demand(Number.isInteger(workers) && workers >= 1, 'workers is a whole number from 1');
  demand(backoff.minMs > 0 && backoff.minMs <= backoff.maxMs, 'backoff.minMs is above 0 and at most backoff.maxMs');
  demand(Number.isFinite(backoff.maxMs), 'backoff.maxMs is finite');
  demand(runDeadlineMs > 0 && runDeadlineMs <= LONGEST_TIMER_MS, 'runDeadlineMs is above 0 and within a timer');
  for (const ms of [drainMs, abortGraceMs])
    demand(ms >= 0 && ms <= LONGEST_TIMER_MS, 'a wait of stop is within a timer');
  demand(!resync || (resync.everyMs > 0 && Number.isFinite(resync.everyMs)), 'resync.everyMs is above 0');
  return settings;
}

function demand(holds: boolean, rule: string): void {
  if (!holds) throw new RangeError(`engine options: ${rule}`);
}
