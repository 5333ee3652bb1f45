import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, RandomSource } from '@knot/shared';
import type { KnotConfig } from '@knot/shared/config';
import type { Store } from '@knot/shared/store';

const DATABASE = 'knot.db';

interface OpenedStore {
  readonly store: Store;
  /** What of how it keeps data an administrator should know, as sentences for the health page. */
  readonly findings: readonly string[];
}

interface StorePorts {
  readonly clock: Clock;
  readonly random: RandomSource;
}

/** The store that the configuration names. What only another one needs is not loaded: that is memory. */
export async function openStore({ server }: KnotConfig, ports: StorePorts): Promise<OpenedStore> {
  const { kind, path } = server.store;
  switch (kind) {
    case 'redis': {
      const { openRedisStore } = await import('@knot/shared/redis');
      const { hosts, password, db, masterName, keyPrefix = '', acceptDataLoss } = server.redis;
      const place = { hosts, password: password?.reveal(), db, masterName, keyPrefix };
      const store = await openRedisStore({ place, acceptDataLoss, ...ports });
      return { store, findings: store.findings };
    }
    case 'sqlite': {
      const { openSqliteStore } = await import('@knot/shared/sqlite');
      await mkdir(path, { recursive: true, mode: 0o700 });
      return { store: await openSqliteStore({ file: join(path, DATABASE), ...ports }), findings: [] };
    }
  }
}
