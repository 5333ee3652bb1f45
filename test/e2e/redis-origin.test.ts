import { beforeAll, describe, expect, it } from 'vitest';
import { ApiProblem } from '../tools/api-client.js';
import { locationReady, startLeaf, startOrigin, type Origin } from '../tools/cluster.js';
import { eventually } from '../tools/eventually.js';
import { freshFolder } from '../tools/processes.js';
import { startRedis, type RedisServer } from '../tools/redis.js';

const ENCRYPT = 'a-key-of-the-tests-with-enough-letters';

let redis: RedisServer;
let origin: Origin;

beforeAll(async () => {
  redis = await startRedis();
  origin = await startOrigin({
    config: { 'server.redis.enabled': true, 'server.redis.hosts': [redis.host], 'server.encrypt': ENCRYPT },
  });
  await startLeaf(origin, { location: 'lon', local: true, config: { 'server.local.path': freshFolder('spaces') } });
  await locationReady(origin, 'lon', 'local');
});

describe('an origin that keeps all its data in Redis', () => {
  it('runs a space, and loses nothing acknowledged when Redis is killed under it', async () => {
    const { api } = origin;
    const template = await api.createTemplate({ name: 'sleeper', platform: 'local', job: 'command: [sleep, "1000"]' });
    const first = await api.createSpace('first', template.id, 'lon');
    await api.wish(first.id, 'start');
    await api.phase(first.id, 'Running', { timeout: 60_000 });

    const acknowledged: string[] = [];
    let running = true;
    const making = (async () => {
      for (let count = 0; running && count < 400; count += 1) {
        await api.createSpace(`more-${count}`, template.id, 'lon').then(
          ({ id }) => acknowledged.push(id),
          (error: unknown) => {
            if (!(error instanceof ApiProblem) || error.status !== 503) throw error;
          },
        );
      }
    })();
    await eventually(() => acknowledged.length >= 5, Boolean, { timeout: 60_000, what: 'spaces to be made' });
    await redis.down();
    await redis.up();
    const before = acknowledged.length;
    await eventually(() => acknowledged.length >= before + 3, Boolean, { timeout: 60_000, what: 'more spaces' });
    running = false;
    await making;
    for (const id of acknowledged) expect((await api.space(id)).id).toBe(id);

    await api.phase(first.id, 'Running', { timeout: 60_000 });
    await api.wish(first.id, 'stop');
    await api.phase(first.id, 'Stopped', { timeout: 60_000 });
  });

  it('is the same installation after a restart, and knows nothing to complain of', async () => {
    await origin.process.terminate();
    origin = await origin.restart();
    const { items } = await origin.api.request<{ items: { name: string }[] }>('GET', '/templates?platform=local');
    expect(items.map(({ name }) => name)).toContain('sleeper');
    const health = await origin.api.request<{ findings: { message: string }[] }>('GET', '/health');
    expect(health.findings.filter(({ message }) => message.includes('Redis'))).toEqual([]);
  });
});
