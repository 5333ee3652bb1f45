import { describe, expect, it } from 'vitest';
import { KnotError } from '../errors/index.js';
import { retrying } from './retrying.js';
import type { Commit, Committed } from './store.js';

const COMMIT: Commit = { expect: [], writes: [] };

/** A store that meets a conflict the first times. */
function conflicting(times: number): { commit(): Promise<Committed>; commits: number } {
  return {
    commits: 0,
    async commit() {
      this.commits += 1;
      if (this.commits <= times) throw new KnotError('store.conflict', 'the space s was changed');
      return { heads: {} };
    },
  };
}

describe('retrying', () => {
  it('decides again after a conflict and answers the decision that was committed', async () => {
    const pauses: number[] = [];
    const outcome = await retrying(
      { ...conflicting(3), pacing: { chance: () => 0.5, sleep: async (ms) => void pauses.push(ms) } },
      async (attempt) => ({ commit: COMMIT, result: `decision ${attempt}` }),
    );
    expect(outcome).toEqual({ result: 'decision 4', committed: { heads: {} } });
    expect(pauses).toEqual([2, 4, 8]);
  });

  it('writes nothing when nothing is to be written', async () => {
    const store = conflicting(0);
    expect(await retrying(store, async () => ({ commit: null, result: 1 }))).toEqual({ result: 1, committed: null });
    expect(store.commits).toBe(0);
  });

  it('gives up with store.conflict after the attempts it was given', async () => {
    const store = conflicting(99);
    const trying = retrying(store, async () => ({ commit: COMMIT, result: 1 }), { attempts: 3 });
    await expect(trying).rejects.toMatchObject({ code: 'store.conflict', message: expect.stringMatching(/3 times/) });
    expect(store.commits).toBe(3);
  });

  it('passes on every other error at once', async () => {
    const store = { commit: () => Promise.reject(new KnotError('resource.exists', 'taken')) };
    const trying = retrying(store, async () => ({ commit: COMMIT, result: 1 }));
    await expect(trying).rejects.toMatchObject({ code: 'resource.exists' });
  });
});
