import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeLog } from '../conformance/log-suite.js';
import { buildVictim, runVictim } from './crash/run-victim.js';
import { expectWholeLeaf, expectWholeMain } from './crash/survivors.js';
import { makeSqlitePlace } from './sqlite-place.js';

describe('the store on SQLite, at length', () => {
  describeLog(makeSqlitePlace, 250);

  it.each([
    ['main', expectWholeMain],
    ['leaf', expectWholeLeaf],
  ] as const)('loses nothing of its %s file in 40 kills at any moment', async (kind, expectWhole) => {
    const program = await buildVictim();
    const folder = await mkdtemp(join(tmpdir(), 'knot-crash-'));
    const file = join(folder, 'knot.db');
    const acknowledged: string[] = [];
    for (let run = 0; run < 40; run += 1) {
      const strike = { afterMs: (run * 37) % 150 };
      acknowledged.push(...(await runVictim(program, kind, file, strike, `run${run}`)));
      await expectWhole(file, acknowledged);
    }
    expect(acknowledged.length).toBeGreaterThan(1_000);
    await rm(folder, { recursive: true });
    await rm(dirname(program), { recursive: true });
  });
});
