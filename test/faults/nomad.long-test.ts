import { expect, it } from 'vitest';
import { locationReady, startLeaf, startOrigin } from '../tools/cluster.js';
import { startHttpFaultProxy } from '../tools/http-fault-proxy.js';
import { sharedNomad } from '../tools/shared-nomad.js';
import { weather, type Arena } from './matrix/arena.js';
import { backendFaults } from './matrix/backend-faults.js';
import { nomadSite } from './matrix/nomad-site.js';
import { tellOutcome } from './matrix/tell-outcome.js';

const nomad = await (await sharedNomad()).freshNamespace();
const proxy = await startHttpFaultProxy(nomad.access.addr);
const origin = await startOrigin();
const leaf = await startLeaf(origin, { location: 'lon', nomad: { ...nomad.access, addr: proxy.url } });
await locationReady(origin, 'lon', 'nomad');
const arena: Arena = { origin, leaf, location: 'lon', site: nomadSite(nomad) };

it.each(Object.entries(backendFaults(proxy)))('%s', async (name, fault) => {
  const outcome = await weather(arena, fault);
  expect(outcome.untouched).toBe('ran on');
  tellOutcome('Nomad', name, outcome);
});
