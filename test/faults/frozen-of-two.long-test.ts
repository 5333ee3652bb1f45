import { setTimeout as pause } from 'node:timers/promises';
import { beforeEach, expect, it } from 'vitest';
import { locationReady, startLeaf, startOrigin, type Leaf } from '../tools/cluster.js';
import { eventually } from '../tools/eventually.js';
import type { NomadClient } from '../tools/nomad-client.js';
import { sharedNomad } from '../tools/shared-nomad.js';
import { weather, type Arena } from './matrix/arena.js';
import { nomadSite } from './matrix/nomad-site.js';
import { tellOutcome } from './matrix/tell-outcome.js';

const shared = await sharedNomad();
let nomad: NomadClient;
beforeEach(async () => (nomad = await shared.freshNamespace()));

it('the leaf that acts stopped by SIGSTOP beyond its lease, with the lock in Nomad', async () => {
  const { access } = nomad;
  const origin = await startOrigin();
  const leaf = await startLeaf(origin, { location: 'lon', nomad: access });
  await locationReady(origin, 'lon', 'nomad');
  const second = await startLeaf(origin, { location: 'lon', nomad: access });
  await second.process.waitForLine(/DuplicateLocation/, { timeout: 60_000 });
  const arena: Arena = { origin, leaf, location: 'lon', site: nomadSite(nomad) };
  const outcome = await weather(arena, {
    strike: () => {
      leaf.process.freeze();
      arena.leaf = second;
    },
    outlastsWishes: true,
    heal: async () => {
      await tookOver(arena);
      await wakes(leaf);
    },
  });
  expect((await origin.api.location('lon')).leaf?.term).toBe(2);
  tellOutcome('Processes frozen and killed', 'one leaf of two stopped by SIGSTOP, with the lock in Nomad', outcome);
});

function tookOver({ origin }: Arena): Promise<unknown> {
  return eventually(
    () => origin.api.location('lon'),
    ({ leaf, live }) => leaf?.term === 2 && live,
    { timeout: 120_000, what: 'the second leaf to take over' },
  );
}

/** Time enough for the deeds that it was about to do, if it did them. */
async function wakes({ process }: Leaf): Promise<void> {
  process.thaw();
  await process.waitForLine(/DuplicateLocation/, { timeout: 60_000 });
  await pause(5_000);
}
