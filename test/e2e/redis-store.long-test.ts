import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { describeLog } from '../../libs/shared/src/stores/conformance/log-suite.js';
import { openRedisStore } from '../../libs/shared/src/stores/redis/index.js';
import { describeStore } from '../../libs/shared/src/stores/store-conformance.js';
import { makeCertificate } from '../tools/certificates.js';
import { redisPlace } from '../tools/redis-place.js';
import { startCluster, startRedis, startSentinel, type RedisServer } from '../tools/redis.js';

describe('8,000 commits in one Redis', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  describeLog(() => redisPlace([redis.host]), 250);
});

describe('a Redis Cluster and Sentinel with TLS', () => {
  const certificate = makeCertificate('IP:127.0.0.1');
  const tls = { ca: [readFileSync(certificate.caFile, 'utf8')] };
  const placed = async (hosts: readonly string[], masterName?: string) => {
    const place = { hosts, db: 0, keyPrefix: 'tls:', masterName, tls };
    const store = await openRedisStore({ place, acceptDataLoss: false, clock: Date, random: randomBytes });
    const heard: string[] = [];
    store.onCommit((streams) => heard.push(...streams));
    const log = [{ stream: 'events', kind: 'guard', id: 'x', op: 'put' }] as const;
    await store.commit({ expect: [], writes: [{ put: 'guard', row: { id: 'x', touchedAt: 1 } }], log });
    expect((await store.get('guard', 'x'))?.version).toBe(1);
    expect(heard).toEqual(['events']);
    await store.close();
  };
  it('are the store, each server verified', async () => {
    const hosts = await startCluster(certificate);
    await placed(hosts);
    const master = await startRedis({ certificate });
    const config = { replicaof: `127.0.0.1 ${master.port}` };
    await startRedis({ certificate, config });
    const sentinel = await startSentinel(master, certificate);
    await expect.poll(() => placed([sentinel.host], 'knot').then(() => true, String), { timeout: 60_000 }).toBe(true);
  });
});

describe('a Redis Cluster', () => {
  let hosts: readonly string[];
  beforeAll(async () => {
    hosts = await startCluster();
  });
  describeStore('the store in a Redis Cluster', () => redisPlace(hosts));
});

describe('a master that Sentinel watches', () => {
  let master: RedisServer;
  let sentinel: { readonly host: string };
  beforeAll(async () => {
    master = await startRedis();
    const config = { replicaof: `127.0.0.1 ${master.port}` };
    await startRedis({ config });
    await startRedis({ config });
    sentinel = await startSentinel(master);
  });
  describeStore('the store behind Sentinel', () => redisPlace([sentinel.host], 'knot'));

  it('dies, a replica takes over, and nothing acknowledged is lost', async () => {
    const place = { hosts: [sentinel.host], db: 0, masterName: 'knot', keyPrefix: 'failover:' };
    const store = await openRedisStore({ place, acceptDataLoss: false, clock: Date, random: randomBytes });
    const acknowledged: string[] = [];
    let running = true;
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let turn = 0; running; turn += 1) {
        const id = `${writer}/${turn}`;
        const writes = [{ put: 'guard', row: { id, touchedAt: 1 } }] as const;
        await store.commit({ expect: [], writes }).then(
          () => acknowledged.push(id),
          () => undefined,
        );
      }
    });
    await expect.poll(() => acknowledged.length, { timeout: 60_000 }).toBeGreaterThan(200);
    await master.down();
    const before = acknowledged.length;
    await expect.poll(() => acknowledged.length, { timeout: 180_000 }).toBeGreaterThan(before + 200);
    running = false;
    await Promise.all(writers);
    const kept = new Set<string>();
    for (const part of chunks(acknowledged)) for (const { id } of await store.getMany('guard', part)) kept.add(id);
    expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
    await store.close();
  });
});

function chunks(ids: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(ids.length / 500) }, (_, at) => ids.slice(at * 500, at * 500 + 500));
}
