import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { createConnection } from 'mysql2/promise';
import { openMysqlStore } from '@knot/shared/mysql';
import { openRedisStore } from '@knot/shared/redis';
import { openSqliteStore } from '@knot/shared/sqlite';
import type { Store } from '@knot/shared/store';
import { startMariadb } from '../tools/mariadb.js';
import { mysqlKeys } from '../tools/mysql-keys.js';
import { freshFolder } from '../tools/processes.js';
import { startRedis } from '../tools/redis.js';

export const STORE_KINDS = ['sqlite', 'mariadb', 'redis'] as const;
export type StoreKind = (typeof STORE_KINDS)[number];

/** What the origins of these benchmarks seal with: so that rows can be made beside them. */
export const ENCRYPT = 'a-key-of-the-tests-that-is-long-enough';

/** One connection without knot. */
export interface ByHand {
  run(sql: string, ...parameters: readonly (string | number)[]): Promise<unknown>;
  close(): Promise<void>;
}

/** A real server for a store (a folder for SQLite), as durable as it has to be to keep what was acknowledged. */
export interface StoreServer {
  readonly kind: StoreKind;
  /** The keys of knot.yaml by which an origin keeps its data there. */
  readonly keys: Record<string, unknown>;
  /** The same data; beside a running origin on MariaDB and Redis only. */
  open(): Promise<Store>;
  /** What a person would do by hand, on one connection; null where no SQL is spoken. */
  readonly byHand: (() => Promise<ByHand>) | null;
  stop(): Promise<void>;
}

const sources = { clock: Date, random: (count: number) => randomBytes(count) };

export async function startStoreServer(kind: StoreKind): Promise<StoreServer> {
  switch (kind) {
    case 'sqlite': {
      const path = freshFolder('bench-store');
      const file = join(path, 'knot.db');
      const open = () => openSqliteStore({ file, ...sources });
      const keys = { 'server.sqlite.enabled': true, 'server.sqlite.path': path, 'server.encrypt': ENCRYPT };
      return { kind, keys, open, byHand: async () => sqliteByHand(file), stop: async () => undefined };
    }
    case 'mariadb':
      return mariadb();
    case 'redis': {
      const redis = await startRedis();
      const keys = {
        'server.redis.enabled': true,
        'server.redis.hosts': [redis.host],
        'server.encrypt': ENCRYPT,
      };
      const place = { hosts: [redis.host], db: 0, keyPrefix: '' };
      const open = () => openRedisStore({ place, acceptDataLoss: false, ...sources });
      return { kind, keys, open, byHand: null, stop: () => redis.down() };
    }
  }
}

function sqliteByHand(file: string): ByHand {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  const prepared = new Map<string, StatementSync>();
  return {
    async run(sql, ...parameters) {
      const statement = prepared.get(sql) ?? database.prepare(sql);
      prepared.set(sql, statement);
      return sql.startsWith('SELECT') ? statement.all(...parameters) : statement.run(...parameters);
    },
    close: async () => database.close(),
  };
}

async function mariadb(): Promise<StoreServer> {
  const server = await startMariadb();
  const database = await server.freshDatabase();
  const { host, port, user, password } = server;
  const target = { host, address: host, port };
  return {
    kind: 'mariadb',
    keys: { ...mysqlKeys(server, database), 'server.encrypt': ENCRYPT },
    open: () =>
      openMysqlStore({
        ...sources,
        account: { user, password, database, tls: null },
        targets: () => Promise.resolve([target]),
        maxOpen: 20,
        maxIdle: 10,
        lifetimeMs: 0,
      }),
    byHand: async () => {
      const connection = await createConnection({ host, port, user, password, database });
      await connection.query("SET SESSION sql_mode = 'ANSI_QUOTES'");
      return {
        run: (sql, ...parameters) => connection.query(sql, [...parameters]),
        close: () => connection.end(),
      };
    },
    stop: () => server.stop(),
  };
}
