import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, Logger, RandomSource } from '@knot/shared';
import type { KnotConfig } from '@knot/shared/config';
import type { RedisPlace } from '@knot/shared/redis';
import type { Store } from '@knot/shared/store';
import { storeNames, trustedBy } from './store-servers.js';

export const DATABASE = 'knot.db';
const NAME_BYTES = 12;

interface OpenedStore {
  readonly store: Store;
  /** What of how it keeps data an administrator should know, as sentences for the health page. */
  readonly findings: readonly string[];
}

interface StorePorts {
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly logger: Logger;
}

/** The store that the configuration names. What only another one needs is not loaded: that is memory. */
export async function openStore(config: KnotConfig, ports: StorePorts): Promise<OpenedStore> {
  const { redis, store: choice, mode } = config.server;
  if (choice.kind === 'redis') {
    const { openRedisStore } = await import('@knot/shared/redis');
    const store = await openRedisStore({
      place: await redisPlace(config, ports),
      acceptDataLoss: redis.acceptDataLoss,
      ...ports,
    });
    return { store, findings: store.findings };
  }
  const store = choice.kind === 'mysql' ? await openDatabase(config, ports) : await openEmbedded(choice.path, ports);
  if (!redis.enabled || mode === 'leaf') return { store, findings: [] };
  const { storeBesideRedis } = await import('@knot/shared/redis');
  const name = Buffer.from(ports.random(NAME_BYTES)).toString('base64url');
  return { store: storeBesideRedis(store, await redisPlace(config, ports), name), findings: [] };
}

async function openDatabase(config: KnotConfig, ports: StorePorts): Promise<Store> {
  const { openMysql } = await import('./open-mysql.js');
  return openMysql(config, ports);
}

async function openEmbedded(path: string, ports: StorePorts): Promise<Store> {
  const { openSqliteStore } = await import('@knot/shared/sqlite');
  await mkdir(path, { recursive: true, mode: 0o700 });
  return openSqliteStore({ file: join(path, DATABASE), ...ports });
}

export async function redisPlace(config: KnotConfig, ports: StorePorts): Promise<RedisPlace> {
  const { hosts, password, db, masterName, keyPrefix = '', useTls, caFile } = config.server.redis;
  const tls = useTls ? await trustedBy('server.redis.ca_file', caFile) : undefined;
  return {
    hosts,
    password: password?.reveal(),
    db,
    masterName,
    keyPrefix,
    tls,
    srv: storeNames(config, ports, 'Redis'),
  };
}
