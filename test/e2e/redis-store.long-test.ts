import { beforeAll, describe } from 'vitest';
import { describeLog } from '../../libs/shared/src/stores/conformance/log-suite.js';
import { describeStore } from '../../libs/shared/src/stores/store-conformance.js';
import { redisPlace } from '../tools/redis-place.js';
import { startCluster, startRedis, startSentinel, type RedisServer } from '../tools/redis.js';

describe('8,000 commits in one Redis', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  describeLog(() => redisPlace([redis.host]), 250);
});

describe('a Redis Cluster', () => {
  let hosts: readonly string[];
  beforeAll(async () => {
    hosts = await startCluster();
  });
  describeStore('the store in a Redis Cluster', () => redisPlace(hosts));
});

describe('a master that Sentinel watches', () => {
  let sentinel: { readonly host: string };
  beforeAll(async () => {
    const master = await startRedis();
    await startRedis({ config: { replicaof: `127.0.0.1 ${master.port}` } });
    sentinel = await startSentinel(master);
  });
  describeStore('the store behind Sentinel', () => redisPlace([sentinel.host], 'knot'));
});
