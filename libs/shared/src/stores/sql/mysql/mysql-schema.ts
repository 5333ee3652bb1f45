import { DataSource } from 'typeorm';
import { CommitMarkEntity } from '../../../entities/commit-mark-entity.js';
import { columnsOf, tableOf } from '../../../entities/declared.js';
import { MAIN_ENTITIES } from '../../../entities/main-entities.js';
import { typeormEntities } from '../../../entities/typeorm-entities.js';
import { KnotError } from '../../../errors/index.js';
import { MYSQL_MIGRATIONS } from '../../../migrations/mysql/mysql-migrations.js';
import type { ServerTarget } from '../../../names/server-names.js';
import { rowCodecs, type RowCodecs } from '../row-codec.js';
import { MYSQL } from './mysql-dialect.js';
import { connectionOptions, dial, type MysqlAccount, type MysqlSession } from './mysql-session.js';

const MYSQL_ENTITIES = [...MAIN_ENTITIES, CommitMarkEntity];
/** Of MariaDB, of MySQL. */
const BYTE_ORDERS = ['utf8mb4_nopad_bin', 'utf8mb4_0900_bin'];
/** Several origins may start at once: one migrates, the others wait. */
const MIGRATION_WAIT_S = 12;

export interface MysqlSchema {
  readonly codecs: RowCodecs;
  readonly tables: readonly {
    readonly name: string;
    readonly columns: readonly string[];
    readonly keys: readonly string[];
  }[];
}

/** TypeORM's view of the database; `initialize` it before use. */
export function mysqlSource(account: MysqlAccount, target: ServerTarget): DataSource {
  const { user: username, ...options } = connectionOptions(account, target);
  return new DataSource({
    type: 'mysql',
    ...options,
    username,
    extra: { stream: () => dial(target) },
    entities: typeormEntities(MYSQL_ENTITIES),
    migrations: [...MYSQL_MIGRATIONS],
  });
}

/** Brings the tables up to date. Throws `store.unavailable` with a sentence where they are not knot's. */
export async function migrateMysql(
  session: MysqlSession,
  account: MysqlAccount,
  target: ServerTarget,
): Promise<MysqlSchema> {
  const lock = `knot.${account.database}`;
  const [got] = await session.all('SELECT GET_LOCK(?, ?) AS "got"', lock, MIGRATION_WAIT_S);
  if (got?.['got'] !== 1) {
    const hint = 'Wait until the other server has started; it changes the tables of a new version.';
    throw new KnotError('store.unavailable', `another knot is changing the tables of ${account.database}`, hint);
  }
  try {
    await refuseForeign(session, account.database);
    await compareBytes(session, account.database);
    const source = mysqlSource(account, target);
    await source.initialize();
    try {
      await source.runMigrations({ transaction: 'none' });
      return describe();
    } finally {
      await source.destroy();
    }
  } finally {
    if (!session.isBroken) await session.all('SELECT RELEASE_LOCK(?)', lock);
  }
}

function describe(): MysqlSchema {
  const tables = MAIN_ENTITIES.map((entity) => ({
    name: tableOf(entity).name,
    columns: columnsOf(entity).map(({ name }) => name),
    keys: columnsOf(entity)
      .filter(({ key }) => key)
      .map(({ name }) => name),
  }));
  return { codecs: rowCodecs(MYSQL), tables };
}

/**
 * What tables of this database are made with from now on: text compared as SQLite does, byte by byte, trailing blanks
 * too. A connection keeps what was so when it was opened.
 */
async function compareBytes(session: MysqlSession, database: string): Promise<void> {
  const [present] = await session.all(
    'SELECT DEFAULT_COLLATION_NAME AS "name" FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?',
    database,
  );
  if (BYTE_ORDERS.includes(String(present?.['name']))) return;
  const known = await session.all(
    'SELECT COLLATION_NAME AS "name" FROM information_schema.COLLATIONS WHERE COLLATION_NAME IN (?)',
    BYTE_ORDERS,
  );
  const [collation] = known.map(({ name }) => String(name));
  if (collation === undefined) {
    const hint = 'knot needs MariaDB 10.6 or MySQL 8.0.19, or later.';
    throw new KnotError('store.unavailable', 'the database server is too old', hint);
  }
  await session.run(`ALTER DATABASE "${database}" CHARACTER SET utf8mb4 COLLATE ${collation}`);
}

/**
 * Several origins are rolled one by one, and back: a migration only adds what an older knot does without. One that takes away
 * or reshapes says so by its name, and comes a version after nothing reads that any more.
 */
const CONTRACTS = /Contract\d+$/;

async function refuseForeign(session: MysqlSession, database: string): Promise<void> {
  const rows = await session.all(
    'SELECT TABLE_NAME AS "name" FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? ORDER BY TABLE_NAME',
    database,
  );
  const names = rows.map(({ name }) => String(name));
  if (names.length === 0) return;
  const done = names.includes('migrations')
    ? (await session.all('SELECT * FROM "migrations"')).map(({ name }) => String(name))
    : [];
  const known = MYSQL_MIGRATIONS.map((migration) => new migration().name ?? '');
  // A first migration that was cut off has left tables of ours and no line.
  const first = names.includes('change_log') || names.includes('migrations');
  if (done.length === 0 ? !first : !done.includes(known[0] ?? '')) {
    const some = names.slice(0, 5).join(', ');
    const message = `the database ${database} holds tables of another program (${some}${names.length > 5 ? ' ...' : ''})`;
    const hint = 'Name an empty database in server.mysql.database: knot takes over no tables that it did not make.';
    throw new KnotError('store.unavailable', message, hint);
  }
  if (done.some((name) => CONTRACTS.test(name) && !known.includes(name))) {
    const hint = 'Run that version again, or put back a backup made before the upgrade.';
    throw new KnotError('store.unavailable', `the database ${database} was written by a newer knot`, hint);
  }
}
