import { describe, expect, test } from 'vitest';
import { createEngine } from './engine.js';
import type { Priority } from './priority.js';
import type { ResyncOptions } from './resync.js';
import { VirtualClock } from './testing/index.js';

const KEYS = Array.from({ length: 1_000 }, (_, index) => `space-${index}`);

function world(resync: ResyncOptions, resyncFailed?: (error: unknown) => void) {
  const clock = new VirtualClock();
  const runs: { key: string; at: number; priority: Priority }[] = [];
  const engine = createEngine({
    reconcile: (key, { priority }) => {
      runs.push({ key, at: clock.now(), priority });
      return Promise.resolve({ kind: 'done' });
    },
    workers: 8,
    clock,
    random: () => 0.5,
    resync,
    hooks: { resyncFailed },
  });
  engine.start();
  return { clock, engine, runs };
}

describe('the periodic round', () => {
  test('visits every key once per round, at the lowest priority, and keeps no key in memory', async () => {
    const { clock, engine, runs } = world({ everyMs: 300_000, keys: () => KEYS });
    await clock.advance(299_999);
    expect(runs.map((run) => run.key).sort()).toEqual([...KEYS].sort());
    expect(runs.every((run) => run.priority === 'resync')).toBe(true);
    expect(engine.stats().keys).toBe(0);
    await clock.advance(300_000);
    expect(runs).toHaveLength(2_000);
  });

  test.each([
    ['counted', (index: number) => `space-${index}`],
    ['of one length', (index: number) => `${String(index).padStart(8, '0')}-0000-4000-8000-000000000000`],
  ])(
    'makes no burst of keys %s: a twentieth of the round sees its share, by a quarter more or less',
    async (_, name) => {
      // 500 keys are a share and its standard deviation is 22, so a quarter is beyond chance.
      const keys = Array.from({ length: 10_000 }, (_each, index) => name(index));
      const { clock, runs } = world({ everyMs: 300_000, keys: () => keys });
      await clock.advance(299_999);
      const shares = Array.from({ length: 20 }, () => 0);
      for (const run of runs) shares[Math.floor(run.at / 15_000)] = (shares[Math.floor(run.at / 15_000)] ?? 0) + 1;
      expect(Math.max(...shares)).toBeLessThan(625);
      expect(Math.min(...shares)).toBeGreaterThan(375);
    },
  );

  test('visits a key at the same place of each round', async () => {
    const { clock, runs } = world({ everyMs: 300_000, keys: () => ['a', 'b', 'c'] });
    await clock.advance(899_999);
    const timesOfA = runs.filter((run) => run.key === 'a').map((run) => run.at);
    expect(timesOfA).toHaveLength(3);
    for (const at of timesOfA) expect(Math.abs((at % 300_000) - ((timesOfA[0] ?? 0) % 300_000))).toBeLessThan(2);
  });

  test('needs one timer for all keys', async () => {
    const { clock } = world({ everyMs: 300_000, keys: () => KEYS });
    await clock.advance(1_000);
    expect(clock.pending).toBe(1);
  });

  test('passes over a key that ran a short time ago', async () => {
    const { clock, engine, runs } = world({ everyMs: 10_000, keys: () => ['busy', 'calm'], quietMs: 5_000 });
    for (let i = 0; i < 10; i++) {
      engine.add('busy', 'status');
      await clock.advance(3_000);
    }
    expect(runs.filter((run) => run.key === 'busy' && run.priority === 'resync')).toEqual([]);
    expect(runs.filter((run) => run.key === 'calm')).toHaveLength(3);
  });

  test('does not run a key again that runs at that moment', async () => {
    const clock = new VirtualClock();
    let runs = 0;
    const engine = createEngine({
      reconcile: () => {
        runs++;
        return new Promise((resolve) => clock.setTimeout(() => resolve({ kind: 'done' }), 50_000));
      },
      workers: 1,
      clock,
      random: () => 0,
      resync: { everyMs: 10_000, keys: () => ['slow'] },
    });
    engine.start();
    engine.add('slow', 'user');
    await clock.advance(50_000);
    expect(runs).toBe(1);
    expect(engine.stats().keys).toBe(0);
  });

  test('leaves out a key forgotten since the round began', async () => {
    const { clock, engine, runs } = world({ everyMs: 300_000, keys: () => KEYS });
    engine.forget('space-1');
    await clock.advance(299_999);
    expect(runs).toHaveLength(999);
  });

  test('goes on when the keys could not be read, and says so', async () => {
    const told: unknown[] = [];
    let rounds = 0;
    const keys = () => {
      if (++rounds === 1) throw new Error('store closed');
      return ['a'];
    };
    const { clock, runs } = world({ everyMs: 10_000, keys }, (error) => told.push(error));
    await clock.advance(19_999);
    expect(told).toEqual([new Error('store closed')]);
    expect(runs.map((run) => run.key)).toEqual(['a']);
  });

  test('stops with the engine', async () => {
    const { clock, engine, runs } = world({ everyMs: 10_000, keys: () => ['a'] });
    await engine.stop();
    await clock.advance(100_000);
    expect(runs).toEqual([]);
    expect(clock.pending).toBe(0);
  });
});
