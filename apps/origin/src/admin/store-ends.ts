import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock, Logger, RandomSource } from '@knot/shared';
import type { StoreFilling, StoreSnapshot } from '@knot/shared/archive';
import type { KnotConfig } from '@knot/shared/config';
import { KnotError } from '@knot/shared/errors';
import { loadMysql } from '../open-mysql.js';
import { DATABASE, openStore, redisPlace } from '../open-store.js';

export interface StorePorts {
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly logger: Logger;
  /** Told now and then how far it is. */
  readonly progress: (news: Progress) => void;
}

export interface Progress {
  /** By now: of what the one store holds, or where `of` says how many there are, of what the other has taken in. */
  readonly rows: number;
  readonly of?: number;
}

/** One moment of the store that a configuration names, whether a server uses it or not. */
export async function openSnapshot(config: KnotConfig, ports: StorePorts): Promise<StoreSnapshot> {
  const { server } = config;
  if (server.store.kind === 'redis') return openRedisSnapshot(config, ports);
  if (server.store.kind === 'mysql') return openDatabaseSnapshot(config, ports);
  const file = join(server.store.path, DATABASE);
  if (!existsSync(file)) {
    throw new KnotError(
      'resource.not_found',
      `there is no ${file}`,
      'Check which knot.yaml is used: knot config show.',
    );
  }
  const { snapshotOfFile } = await import('@knot/shared/sqlite');
  return snapshotOfFile(file);
}

async function openRedisSnapshot(config: KnotConfig, ports: StorePorts): Promise<StoreSnapshot> {
  const { openRedisStore } = await import('@knot/shared/redis');
  const { acceptDataLoss } = config.server.redis;
  const store = await openRedisStore({ place: await redisPlace(config, ports), acceptDataLoss, ...ports });
  try {
    const snapshot = await store.snapshot();
    return {
      heads: snapshot.heads,
      rows: (kind) => snapshot.rows(kind),
      claims: () => snapshot.claims(),
      close: () => snapshot.close().finally(() => store.close()),
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** The database copies one of its moments into a file as the embedded store has it; that is what is read. */
async function openDatabaseSnapshot(config: KnotConfig, ports: StorePorts): Promise<StoreSnapshot> {
  const folder = await mkdtemp(join(tmpdir(), 'knot-snapshot-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const copy = join(folder, DATABASE);
    const { store } = await openStore(config, ports);
    await store.backup(copy).finally(() => store.close());
    const { snapshotOfCopy } = await import('@knot/shared/sqlite');
    return await snapshotOfCopy(copy, remove);
  } catch (error) {
    await remove();
    throw error;
  }
}

export type OpenFilling = StoreFilling & { close(): Promise<void> };

/**
 * Lets the store that a configuration names be filled. Throws `state.refused` where an installation is there, unless it
 * is to be replaced, and `store.unavailable` while a server has an embedded one open.
 */
export async function openFilling(config: KnotConfig, ports: StorePorts, replace: boolean): Promise<OpenFilling> {
  const { server } = config;
  if (server.mode === 'leaf') {
    throw new KnotError(
      'state.refused',
      'this is a leaf: it keeps nothing that a backup holds',
      'Run it at the origin.',
    );
  }
  if (!replace) await refuseOccupied(config, ports);
  if (server.store.kind === 'redis') {
    const { fillRedis } = await import('@knot/shared/redis');
    const { acceptDataLoss } = server.redis;
    return fillRedis({ place: await redisPlace(config, ports), acceptDataLoss, ...ports });
  }
  if (server.store.kind === 'mysql') return fillDatabase(config, ports);
  const { fillFile } = await import('@knot/shared/sqlite');
  return fillFile(join(server.store.path, DATABASE));
}

async function fillDatabase(config: KnotConfig, ports: StorePorts): Promise<OpenFilling> {
  const folder = await mkdtemp(join(tmpdir(), 'knot-filling-'));
  const file = join(folder, DATABASE);
  const { fillFile } = await import('@knot/shared/sqlite');
  const filling = await fillFile(file);
  return {
    putRows: (kind, rows) => filling.putRows(kind, rows),
    putClaims: (claims) => filling.putClaims(claims),
    putHeads: (heads) => filling.putHeads(heads),
    async finish() {
      await filling.finish();
      await filling.close();
      await loadMysql(config, ports, file, (rows, of) => ports.progress({ rows, of }));
    },
    async close() {
      await filling.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function refuseOccupied(config: KnotConfig, ports: StorePorts): Promise<void> {
  const { store: choice } = config.server;
  if (choice.kind === 'sqlite' && !existsSync(join(choice.path, DATABASE))) return;
  const { store } = await openStore(config, ports);
  try {
    if ((await store.get('installation', 'installation')) === null) return;
  } finally {
    await store.close();
  }
  throw new KnotError(
    'state.refused',
    'the store holds an installation already, all of which would be lost',
    'Make a backup of it, stop every origin, and say --replace.',
  );
}
