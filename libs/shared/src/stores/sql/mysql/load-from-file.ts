import { MAIN_MIGRATIONS } from '../../../migrations/sqlite/main-migrations.js';
import { createUuidV7 } from '../../../ids/uuid-v7.js';
import type { ServerTarget } from '../../../names/server-names.js';
import type { RandomSource } from '../../../secrets/random-text.js';
import type { NodeSqlite, SqlRecord } from '../node-sqlite.js';
import { openSqliteFile } from '../sqlite-file.js';
import { toMysqlError } from './mysql-errors.js';
import { migrateMysql, type MysqlSchema } from './mysql-schema.js';
import { MysqlSession, type MysqlAccount } from './mysql-session.js';

const ROWS_PER_READ = 100;

/**
 * Puts a backup (a file as the embedded store has it) in place of all that the database holds, in one transaction, and
 * begins a new epoch. No origin may run meanwhile. The file is brought up to this version's schema.
 */
export async function loadFromFile(
  file: string,
  account: MysqlAccount,
  target: ServerTarget,
  sources: { readonly clock: { now(): number }; readonly random: RandomSource },
): Promise<void> {
  const backup = await openSqliteFile({ path: file, migrations: MAIN_MIGRATIONS });
  try {
    const session = await MysqlSession.open(account, target);
    try {
      const { tables } = await migrateMysql(session, account, target);
      await session.run('START TRANSACTION');
      for (const table of tables) await replaceRows(session, table, backup.reader);
      const epoch = createUuidV7(sources.clock, sources.random)();
      await session.run('UPDATE "epoch" SET "value" = ?', epoch);
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

async function replaceRows(
  session: MysqlSession,
  { name, columns, keys }: MysqlSchema['tables'][number],
  from: NodeSqlite,
): Promise<void> {
  await session.run(`DELETE FROM "${name}"`);
  const named = columns.map((column) => `"${column}"`).join(', ');
  const places = `(${columns.map(() => '?').join(', ')})`;
  const order = keys.map((key) => `"${key}"`).join(', ');
  for (let offset = 0; ; offset += ROWS_PER_READ) {
    const rows: SqlRecord[] = from.all(
      `SELECT * FROM "${name}" ORDER BY ${order} LIMIT ? OFFSET ?`,
      ROWS_PER_READ,
      offset,
    );
    for (const row of rows) {
      await session.run(
        `INSERT INTO "${name}" (${named}) VALUES ${places}`,
        ...columns.map((column) => row[column] ?? null),
      );
    }
    if (rows.length < ROWS_PER_READ) return;
  }
}
