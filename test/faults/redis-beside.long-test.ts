import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { startLeaf } from '../tools/cluster.js';
import { eventually } from '../tools/eventually.js';
import { metric } from '../tools/metrics.js';
import { freshFolder } from '../tools/processes.js';
import { startRedis } from '../tools/redis.js';
import { startSeveralOrigins } from '../tools/several-origins.js';
import { sharedMariadb } from '../tools/shared-mariadb.js';

/** An origin that hears of nothing looks for itself so often, ms. */
const POLL_MS = 1_000;
const WISHES = 20;
const PATIENCE = { timeout: 60_000 };

const median = (all: readonly number[]) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? Infinity;

it('Redis beside MariaDB killed under load delays a wish by no more than a look, and refuses nobody', async () => {
  const redis = await startRedis({ config: { appendonly: 'no', 'maxmemory-policy': 'allkeys-lru' } });
  const origins = await startSeveralOrigins(await sharedMariadb(), 2, {
    'server.redis.enabled': true,
    'server.redis.hosts': [redis.host],
  });
  const [here, there] = origins.all;
  if (!here || !there) throw new Error('There are two origins.');
  const config = { 'server.local.path': freshFolder('spaces') };
  const leaf = await startLeaf({ url: there.url }, { location: 'lon', local: true, config });
  await eventually(
    () => here.api.location('lon'),
    ({ live, platforms }) => live && platforms.some(({ ready }) => ready),
    PATIENCE,
  );
  const job = 'command: [sleep, "1000"]';
  const template = await here.api.createTemplate({ name: 'sleeper', platform: 'local', job });
  const space = await here.api.createSpace('sleeper', template.id, 'lon');

  let running = true;
  const refused: unknown[] = [];
  const callers = [here, here, there].map(async ({ api }) => {
    while (running) await api.spaces().catch((error: unknown) => refused.push(error));
  });

  /** From the press of a button at one origin until the leaf of the other one has it, ms. */
  const delays = async (): Promise<number[]> => {
    const all: number[] = [];
    for (let wish = 0; wish < WISHES; wish += 1) {
      const applied = () => metric(leaf.url, 'knot_leaf_applied_revision');
      const before = await applied();
      const pressed = performance.now();
      await here.api.wish(space.id, wish % 2 === 0 ? 'start' : 'stop');
      await eventually(applied, (revision) => revision > before, {
        ...PATIENCE,
        interval: 20,
        what: 'the leaf to hear',
      });
      all.push(performance.now() - pressed);
      await pause(100);
    }
    return all;
  };

  const heard = await delays();
  const killed = pause(500).then(() => redis.down());
  const unheard = await delays();
  await killed;
  await redis.up();
  const again = await delays();
  running = false;
  await Promise.all(callers);
  origins.balancer.close();

  const told = [heard, unheard, again].map(
    (all) => `${Math.round(median(all))} ms (${Math.round(Math.max(...all))} at most)`,
  );
  process.stdout.write(`wish to leaf: with Redis ${told[0]}, killed ${told[1]}, back ${told[2]}\n`);
  expect(refused).toEqual([]);
  // What a busy machine adds is added to the ones before as well.
  const slack = 2 * Math.max(...heard);
  expect(median(unheard)).toBeLessThan(median(heard) + POLL_MS + slack);
  expect(Math.max(...unheard)).toBeLessThan(Math.max(...heard) + POLL_MS + slack);
});
