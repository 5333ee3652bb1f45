import { setTimeout as pause } from 'node:timers/promises';
import { beforeEach, expect, it } from 'vitest';
import { locationReady, startLeaf, startOrigin, type Leaf } from '../tools/cluster.js';
import { eventually } from '../tools/eventually.js';
import type { NomadAccess, NomadClient } from '../tools/nomad-client.js';
import { sharedNomad } from '../tools/shared-nomad.js';
import { weather, type Arena } from './matrix/arena.js';
import { nomadSite } from './matrix/nomad-site.js';
import { tellOutcome } from './matrix/tell-outcome.js';

/** What a leaf needs of its namespace. */
const CAPABILITIES = [
  ...['list-jobs', 'parse-job', 'read-job', 'submit-job', 'read-logs', 'read-fs'],
  ...['host-volume-read', 'host-volume-write', 'csi-list-volume'],
];

const shared = await sharedNomad();
let nomad: NomadClient;
beforeEach(async () => (nomad = await shared.freshNamespace()));

it.each([
  ['with the lock in Nomad', (all: NomadAccess) => Promise.resolve(all)],
  ['without a lock', withoutLock],
])('the leaf that acts stopped by SIGSTOP beyond its lease, %s', async (lock, accessOf) => {
  const access = await accessOf(nomad.access);
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
  tellOutcome('Processes frozen and killed', `one leaf of two stopped by SIGSTOP, ${lock}`, outcome);
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

async function withoutLock(access: NomadAccess): Promise<NomadAccess> {
  const name = `no-lock-${access.namespace}`;
  const Rules = `
namespace "${access.namespace}" {
  capabilities = ${JSON.stringify(CAPABILITIES)}
  variables {
    path "*" {
      capabilities = ["read", "write", "list", "destroy"]
    }
    path "knot/*/lock" {
      capabilities = ["deny"]
    }
  }
}
host_volume "*" {
  policy = "write"
}
agent {
  policy = "read"
}`;
  await nomad.request('POST', `/v1/acl/policy/${name}`, { Name: name, Rules });
  const made = await nomad.request<{ SecretID: string }>('POST', '/v1/acl/token', {
    Name: name,
    Type: 'client',
    Policies: [name],
  });
  return { ...access, token: made.SecretID };
}
