import { expect, it } from 'vitest';
import { locationReady, startLeaf, startOrigin } from '../tools/cluster.js';
import { freshFolder } from '../tools/processes.js';
import { startTcpProxy } from '../tools/tcp-proxy.js';
import { localSite, weather, type Arena } from './matrix/arena.js';
import { tellOutcome } from './matrix/tell-outcome.js';
import { wireFaults } from './matrix/wire.js';

const origin = await startOrigin();
const proxy = await startTcpProxy(origin.url);
const folder = freshFolder('spaces');
const leaf = await startLeaf(
  { url: proxy.url },
  { location: 'lon', local: true, config: { 'server.local.path': folder } },
);
await locationReady(origin, 'lon', 'local');
const arena: Arena = { origin, leaf, location: 'lon', site: localSite(folder) };

it.each(Object.entries(wireFaults(proxy)))('a wire %s', async (name, fault) => {
  const outcome = await weather(arena, fault);
  expect(outcome.untouched).toBe('ran on');
  tellOutcome('Wire between origin and leaf', name, outcome);
});
