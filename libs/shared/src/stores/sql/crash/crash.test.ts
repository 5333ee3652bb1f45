import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildVictim, runVictim, type Strike } from './run-victim.js';
import { expectWholeLeaf, expectWholeMain } from './survivors.js';

const STRIKES: readonly Strike[] = [
  { point: 'begun', nth: 8 },
  { point: 'written', nth: 8 },
  { point: 'durable', nth: 8 },
];

describe('a store whose process is killed with -9 again and again', () => {
  let program = '';
  let folder = '';
  beforeAll(async () => {
    program = await buildVictim();
  });
  afterAll(() => rm(dirname(program), { recursive: true }));
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'knot-crash-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it.each([
    ['main', expectWholeMain],
    ['leaf', expectWholeLeaf],
  ] as const)('has in its %s file all that was acknowledged, and nothing by half', async (kind, expectWhole) => {
    const file = join(folder, 'knot.db');
    const acknowledged: string[] = [];
    for (const [run, strike] of STRIKES.entries()) {
      acknowledged.push(...(await runVictim(program, kind, file, strike, `run${run}`)));
      await expectWhole(file, acknowledged);
    }
    expect(acknowledged.length).toBeGreaterThan(30);
  });
});
