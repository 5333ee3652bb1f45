import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { loadFromFile, openMysqlStore, type MysqlAccount } from '@knot/shared/mysql';
import type { Store } from '@knot/shared/store';
import type { Mariadb, MariadbAccess } from './mariadb.js';
import { removeFolder, testFolder } from './test-folder.js';

export interface MysqlPlace {
  readonly account: MysqlAccount;
  readonly target: { readonly host: string; readonly address: string; readonly port: number };
  /** Opens as somebody else, or another database. */
  openAs(account: MysqlAccount): Promise<Store>;
  open(): Promise<Store>;
  restore(backup: string): Promise<void>;
  backupPath(): string;
  destroy(): Promise<void>;
}

/** Databases of this test file with tables that hold nothing: making those takes longer than most tests. */
const emptied: string[] = [];

async function empty(server: Pick<Mariadb, 'sql'>, database: string): Promise<void> {
  const tables = await server.sql(`SHOW TABLES IN ${database}`);
  const names = tables.flatMap((row) => Object.values(row)).filter((name) => name !== 'migrations');
  await server.sql(...names.map((name) => `DELETE FROM ${database}.\`${String(name)}\``));
}

/** An empty database for a store under test; `port` where it is dialled, asked for each connection. */
export async function makeMysqlPlace(
  server: MariadbAccess & Pick<Mariadb, 'sql' | 'freshDatabase'>,
  port = () => server.port,
): Promise<MysqlPlace> {
  const database = emptied.pop() ?? (await server.freshDatabase());
  const folder = testFolder('mysql-place');
  const account = { user: server.user, password: server.password, database, tls: null };
  const target = { host: server.host, address: server.host, port: port() };
  const sources = { clock: Date, random: (count: number) => randomBytes(count) };
  let backups = 0;
  const openAs = (who: MysqlAccount): Promise<Store> =>
    openMysqlStore({
      ...sources,
      account: who,
      targets: () => Promise.resolve([{ ...target, port: port() }]),
      maxOpen: 20,
      maxIdle: 10,
      lifetimeMs: 300_000,
    });
  return {
    account,
    target,
    openAs,
    open: () => openAs(account),
    restore: (backup) => loadFromFile(backup, account, target, sources),
    backupPath: () => join(folder, `backup-${(backups += 1)}.db`),
    async destroy() {
      removeFolder(folder);
      await empty(server, database);
      emptied.push(database);
    },
  };
}
