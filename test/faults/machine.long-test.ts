import { expect, it } from 'vitest';
import { locationReady, startLeaf, startOrigin } from '../tools/cluster.js';
import { falseClock } from '../tools/false-clock.js';
import { freshFolder } from '../tools/processes.js';
import { localSite, weather, type Arena } from './matrix/arena.js';
import { tellOutcome } from './matrix/tell-outcome.js';
import { BEYOND_LEASE_MS } from './matrix/wire.js';

const PART = 'Machine of a leaf';
const folder = freshFolder('spaces');
const clocks = { origin: falseClock(freshFolder('clock')), leaf: falseClock(freshFolder('clock')) };
const origin = await startOrigin({ env: clocks.origin.env });
const leaf = await startLeaf(origin, {
  location: 'lon',
  local: true,
  diskMb: 40,
  config: { 'server.local.path': folder },
  env: clocks.leaf.env,
});
await locationReady(origin, 'lon', 'local');
const arena: Arena = { origin, leaf, location: 'lon', site: localSite(folder) };

it('the disk of the leaf is full for 40 s', async () => {
  const outcome = await weather(arena, {
    strike: () => arena.leaf.process.disk.fill(),
    lastsMs: BEYOND_LEASE_MS,
    heal: () => arena.leaf.process.disk.free(),
  });
  expect(arena.leaf.process.isRunning()).toBe(true);
  tellOutcome(PART, 'its disk full for 40 s', outcome);
});

it.each([
  ['leaf', 3_600],
  ['leaf', -3_600],
  ['origin', 3_600],
  ['origin', -3_600],
] as const)('the clock of the %s jumps by %i s, and back', async (who, seconds) => {
  const outcome = await weather(arena, {
    strike: () => clocks[who].jump(seconds),
    lastsMs: 15_000,
    heal: () => clocks[who].jump(0),
  });
  expect(outcome.untouched).toBe('ran on');
  const way = seconds > 0 ? 'on' : 'back';
  tellOutcome(PART, `the clock of the ${who} put an hour ${way} for 15 s`, outcome);
});
