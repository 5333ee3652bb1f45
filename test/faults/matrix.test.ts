import { beforeAll, describe, expect, it } from 'vitest';
import { locationReady, startLeaf, startOrigin, type Origin } from '../tools/cluster.js';
import { falseClock, type FalseClock } from '../tools/false-clock.js';
import { startHttpFaultProxy } from '../tools/http-fault-proxy.js';
import { freshFolder } from '../tools/processes.js';
import { sharedNomad } from '../tools/shared-nomad.js';
import { startTcpProxy, type TcpProxy } from '../tools/tcp-proxy.js';
import { localSite, weather, type Arena } from './matrix/arena.js';
import { answering, WRITES } from './matrix/backend-faults.js';
import { nomadSite } from './matrix/nomad-site.js';
import { droppedAnswers } from './matrix/wire.js';

// One of each kind; the whole matrix is `npm run test:long`, and what it saw stands in docs/faults.md.

const LASTS_MS = 6_000;
const shared = await sharedNomad();
let origin: Origin;

beforeAll(async () => {
  origin = await startOrigin();
});

describe('a location of processes', () => {
  let proxy: TcpProxy;
  let clock: FalseClock;
  let arena: Arena;

  beforeAll(async () => {
    proxy = await startTcpProxy(origin.url);
    clock = falseClock(freshFolder('clock'));
    const spaces = freshFolder('spaces');
    const options = { location: 'lon', local: true, diskMb: 40, env: clock.env };
    const leaf = await startLeaf({ url: proxy.url }, { ...options, config: { 'server.local.path': spaces } });
    await locationReady(origin, 'lon', 'local');
    arena = { origin, leaf, location: 'lon', site: localSite(spaces) };
  });

  it('is as wished when its disk was full and its clock an hour ahead', async () => {
    const outcome = await weather(arena, {
      strike: () => {
        arena.leaf.process.disk.fill();
        clock.jump(3_600);
      },
      lastsMs: LASTS_MS,
      heal: () => {
        arena.leaf.process.disk.free();
        clock.jump(0);
      },
    });
    expect(outcome.untouched).toBe('ran on');
    expect(arena.leaf.process.isRunning()).toBe(true);
  }, 300_000);

  it('is as wished when answers were dropped after they were written', async () => {
    const outcome = await weather(arena, { ...droppedAnswers(proxy), lastsMs: LASTS_MS });
    expect(outcome.untouched).toBe('ran on');
  }, 300_000);
});

describe('a location of Nomad jobs', () => {
  it('is as wished when the answers to writes were lost after they were applied', async () => {
    const nomad = await shared.freshNamespace();
    const proxy = await startHttpFaultProxy(nomad.access.addr);
    const leaf = await startLeaf(origin, { location: 'ams', nomad: { ...nomad.access, addr: proxy.url } });
    await locationReady(origin, 'ams', 'nomad');
    const arena: Arena = { origin, leaf, location: 'ams', site: nomadSite(nomad) };
    const fault = answering(proxy, 'lose the answer', WRITES);
    expect((await weather(arena, { ...fault, lastsMs: LASTS_MS })).untouched).toBe('ran on');
    proxy.close();
  }, 300_000);
});
