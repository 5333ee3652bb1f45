import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildSim, runSim } from './build-sim.js';

const SEEDS = 10_000;
const CHUNK = 500;

let bundle = '';

beforeAll(async () => {
  bundle = await buildSim();
}, 120_000);

afterAll(() => rm(dirname(bundle), { recursive: true, force: true }));

it.each(Array.from({ length: SEEDS / CHUNK }, (_, chunk) => 1 + chunk * CHUNK))(
  '500 histories from seed %i keep every invariant, and come to rest',
  async (from) => {
    const { code, output } = await runSim(bundle, ['--seeds', String(CHUNK), '--from', String(from)]);
    expect(output).toContain(`all ${CHUNK} seeds from ${from} hold`);
    expect(code).toBe(0);
  },
);
