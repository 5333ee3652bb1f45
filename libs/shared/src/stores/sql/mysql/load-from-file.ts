import { MAIN_MIGRATIONS } from '../../../migrations/sqlite/main-migrations.js';
import { createUuidV7 } from '../../../ids/uuid-v7.js';
import type { ServerTarget } from '../../../names/server-names.js';
import type { RandomSource } from '../../../secrets/random-text.js';
import type { NodeSqlite, SqlRecord } from '../node-sqlite.js';
import { openSqliteFile } from '../sqlite-file.js';
import { toMysqlError } from './mysql-errors.js';
import { migrateMysql, type MysqlSchema } from './mysql-schema.js';
import { MysqlSession, type MysqlAccount } from './mysql-session.js';

const ROWS_PER_STATEMENT = 100;
/** Of one statement, beyond its first row: far below what servers take at once. */
const CHARACTERS_PER_STATEMENT = 1_000_000;
/** A statement has 15 s: a table of a million rows is emptied in parts. */
const ROWS_PER_DELETE = 5_000;

type Table = MysqlSchema['tables'][number];

interface LoadSources {
  readonly clock: { now(): number };
  readonly random: RandomSource;
  /** How many rows are there by now, of how many. */
  readonly progress?: (rows: number, of: number) => void;
}

/**
 * Puts a backup (a file as the embedded store has it) in place of all that the database holds, in one transaction, and
 * begins a new epoch. No origin may run meanwhile. The file is brought up to this version's schema.
 */
export async function loadFromFile(
  file: string,
  account: MysqlAccount,
  target: ServerTarget,
  { clock, random, progress = () => undefined }: LoadSources,
): Promise<void> {
  const backup = await openSqliteFile({ path: file, migrations: MAIN_MIGRATIONS });
  try {
    const session = await MysqlSession.open(account, target);
    try {
      const { tables } = await migrateMysql(session, account, target);
      const count = ({ name }: Table) => Number(backup.db.get(`SELECT COUNT(*) AS "count" FROM "${name}"`)?.['count']);
      const all = tables.reduce((sum, table) => sum + count(table), 0);
      let there = 0;
      await session.run('START TRANSACTION');
      for (const table of tables) {
        await empty(session, table);
        for (const rows of partsOf(backup.db, table)) {
          await insert(session, table, rows);
          progress((there += rows.length), all);
        }
      }
      await session.run('UPDATE "epoch" SET "value" = ?', createUuidV7(clock, random)());
      await session.run('COMMIT');
    } finally {
      session.destroy();
    }
  } catch (error) {
    throw toMysqlError(error, account.database);
  } finally {
    await backup.close();
  }
}

async function empty(session: MysqlSession, { name }: Table): Promise<void> {
  for (let gone = ROWS_PER_DELETE; gone === ROWS_PER_DELETE;) {
    ({ changed: gone } = await session.run(`DELETE FROM "${name}" LIMIT ${ROWS_PER_DELETE}`));
  }
}

/** The rows of a table in the order of their keys, in parts of which each is one statement. */
function* partsOf(from: NodeSqlite, { name, keys }: Table): Generator<readonly SqlRecord[]> {
  const columns = keys.map((key) => `"${key}"`).join(', ');
  for (let last: SqlRecord | undefined; ;) {
    const after = last === undefined ? '' : `WHERE (${columns}) > (${keys.map(() => '?').join(', ')})`;
    const bounds = last === undefined ? [] : keys.map((key) => last?.[key] ?? null);
    const sql = `SELECT * FROM "${name}" ${after} ORDER BY ${columns} LIMIT ${ROWS_PER_STATEMENT}`;
    const rows = from.all(sql, ...bounds);
    let [part, characters]: [SqlRecord[], number] = [[], 0];
    for (const row of rows) {
      const own = Object.values(row).reduce<number>((sum, value) => sum + String(value).length, 0);
      if (part.length > 0 && characters + own > CHARACTERS_PER_STATEMENT) {
        yield part;
        [part, characters] = [[], 0];
      }
      part.push(row);
      characters += own;
    }
    if (part.length > 0) yield part;
    if (rows.length < ROWS_PER_STATEMENT) return;
    last = rows.at(-1);
  }
}

async function insert(session: MysqlSession, { name, columns }: Table, rows: readonly SqlRecord[]): Promise<void> {
  const named = columns.map((column) => `"${column}"`).join(', ');
  const places = rows.map(() => `(${columns.map(() => '?').join(', ')})`).join(', ');
  const values = rows.flatMap((row) => columns.map((column) => row[column] ?? null));
  await session.run(`INSERT INTO "${name}" (${named}) VALUES ${places}`, ...values);
}
