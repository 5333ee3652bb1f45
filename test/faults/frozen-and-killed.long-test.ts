import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { locationReady, startLeaf, startOrigin } from '../tools/cluster.js';
import { eventually } from '../tools/eventually.js';
import { freshFolder } from '../tools/processes.js';
import { localSite, weather, type Arena, type Fault } from './matrix/arena.js';
import { tellOutcome } from './matrix/tell-outcome.js';
import { BEYOND_LEASE_MS } from './matrix/wire.js';

const folder = freshFolder('spaces');
const origin = await startOrigin();
const leaf = await startLeaf(origin, { location: 'lon', local: true, config: { 'server.local.path': folder } });
await locationReady(origin, 'lon', 'local');
const arena: Arena = { origin, leaf, location: 'lon', site: localSite(folder) };

const FAULTS: Readonly<Record<string, Fault>> = {
  'the leaf stopped by SIGSTOP beyond its lease': {
    strike: () => arena.leaf.process.freeze(),
    lastsMs: BEYOND_LEASE_MS,
    heal: () => arena.leaf.process.thaw(),
  },
  'the origin stopped by SIGSTOP beyond all leases': {
    strike: () => arena.origin.process.freeze(),
    lastsMs: BEYOND_LEASE_MS,
    heal: () => arena.origin.process.thaw(),
  },
  'the leaf killed, and back after a lease': {
    strike: () => arena.leaf.process.kill(),
    lastsMs: BEYOND_LEASE_MS,
    heal: async () => (arena.leaf = await arena.leaf.restart()),
  },
  'the origin killed, and back after 20 s': {
    strike: () => arena.origin.process.kill(),
    lastsMs: 20_000,
    heal: async () => (arena.origin = await arena.origin.restart()),
  },
  'the leaf killed four times in a row': {
    strike: async () => {
      for (let turn = 0; turn < 4; turn += 1) {
        await arena.leaf.process.kill();
        arena.leaf = await arena.leaf.restart();
      }
    },
  },
};

it.each(Object.entries(FAULTS))('%s', async (name, fault) => {
  const outcome = await weather(arena, fault);
  expect(outcome.untouched).toBe('ran on');
  tellOutcome('Processes frozen and killed', name, outcome);
});

it('the leaf killed, its disk emptied, let in again by an administrator', async () => {
  const { api } = arena.origin;
  const outcome = await weather(arena, {
    strike: async () => {
      await arena.leaf.process.kill();
      rmSync(join(arena.leaf.process.folder, 'knot-data'), { recursive: true });
      arena.leaf = await arena.leaf.restart();
      const waiting = await eventually(
        async () => (await api.location('lon')).instances?.find(({ state }) => state === 'waiting'),
        (instance) => instance !== undefined,
        { timeout: 60_000, what: 'an instance that waits to be let in' },
      );
      await api.request('POST', `/locations/lon/instances/${waiting?.id}/approve`);
    },
  });
  expect(outcome.untouched).toBe('ran on');
  tellOutcome('Processes frozen and killed', 'the leaf killed and its disk emptied', outcome);
});
