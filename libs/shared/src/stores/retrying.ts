import { setTimeout as sleep } from 'node:timers/promises';
import { isKnotError, KnotError } from '../errors/index.js';
import type { Commit, Committed, RetryPacing, Store } from './store.js';

/** What a use case decided from what it has read. */
export interface Decision<T> {
  /** Null when there is nothing to write. */
  readonly commit: Commit | null;
  readonly result: T;
}

export interface RetryOptions {
  /** How often it is decided at most. */
  readonly attempts?: number;
}

const BY_THE_MACHINE: RetryPacing = { chance: Math.random, sleep };
const ATTEMPTS = 12;
const FIRST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 200;

/**
 * Reads, decides and commits, and does so again from the start when the commit met `store.conflict`, after a pause with
 * full jitter. `decide` must read all it decides on anew at each call. After the last attempt: `store.conflict`.
 */
export async function retrying<T>(
  store: Pick<Store, 'commit' | 'pacing'>,
  decide: (attempt: number) => Promise<Decision<T>>,
  { attempts = ATTEMPTS }: RetryOptions = {},
): Promise<{ readonly result: T; readonly committed: Committed | null }> {
  const pacing = store.pacing ?? BY_THE_MACHINE;
  for (let attempt = 1; ; attempt += 1) {
    const { commit, result } = await decide(attempt);
    if (commit === null) return { result, committed: null };
    try {
      return { result, committed: await store.commit(commit) };
    } catch (error) {
      if (!isKnotError(error, 'store.conflict')) throw error;
      if (attempt >= attempts) throw tooMany(error, attempts);
      await pacing.sleep(pacing.chance() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt));
    }
  }
}

function tooMany(error: KnotError, attempts: number): KnotError {
  const message = `${error.message}, ${attempts} times in a row`;
  return new KnotError('store.conflict', message, 'Try again in a moment.', error.details, { cause: error });
}
