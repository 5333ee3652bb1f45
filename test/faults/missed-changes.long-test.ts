import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { locationReady, startLeaf, startOrigin } from '../tools/cluster.js';
import { metric } from '../tools/metrics.js';
import { freshFolder } from '../tools/processes.js';
import { startTcpProxy } from '../tools/tcp-proxy.js';
import { localSite, weather, type Arena } from './matrix/arena.js';
import { newName, People } from './matrix/people.js';
import { tellOutcome } from './matrix/tell-outcome.js';

const SPACES = 12;
/** More than an hour of a busy location, and more than the origin's log keeps. */
const CHANGES = 10_500;
const CALLERS = 12;
/** An origin sweeps a minute after its start. */
const SWEPT_MS = 90_000;

it('a leaf that missed 10,500 changes while the log was compacted lists once and is as wished', async () => {
  const folder = freshFolder('spaces');
  const origin = await startOrigin();
  const proxy = await startTcpProxy(origin.url);
  const config = { 'server.local.path': folder };
  const leaf = await startLeaf({ url: proxy.url }, { location: 'lon', local: true, config });
  await locationReady(origin, 'lon', 'local');
  const arena: Arena = { origin, leaf, location: 'lon', site: localSite(folder) };
  const people = new People(arena);
  const { id: template } = await origin.api.createTemplate({
    name: newName('many'),
    platform: 'local',
    job: arena.site.job,
    volumes: arena.site.volumes ?? '',
  });
  const made = await Promise.all(Array.from({ length: SPACES }, () => people.make(newName('many'), template, 'lon')));
  const spaces = await Promise.all(made.map((space) => people.started(space)));
  const relists = await metric(leaf.url, 'knot_leaf_relists_total');
  let left = CHANGES;

  const outcome = await weather(arena, {
    strike: async () => {
      proxy.cut();
      const restartAll = async () => {
        for (let turn = left--; turn > 0; turn = left--) {
          await arena.origin.api.wish(spaces[turn % SPACES]?.id ?? '', 'restart');
        }
      };
      await Promise.all(Array.from({ length: CALLERS }, restartAll));
      await arena.origin.process.terminate();
      arena.origin = await arena.origin.restart();
      await pause(SWEPT_MS);
    },
    heal: () => proxy.pass(),
  });
  expect(await metric(leaf.url, 'knot_leaf_relists_total')).toBe(relists + 1);
  for (const space of spaces) {
    const { generation } = await arena.origin.api.space(space.id);
    const { restarts, instance } = await people.running(space, generation);
    expect(restarts).toBe(CHANGES / SPACES);
    expect(instance).not.toBe(space.instance);
    expect(await arena.site.live(space)).toBe(1);
    await people.delete(space);
  }
  for (const space of spaces) await people.gone(space);
  tellOutcome('Wire between origin and leaf', `cut while ${CHANGES} changes were made and the log compacted`, outcome);
});
