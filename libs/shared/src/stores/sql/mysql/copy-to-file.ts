import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { KnotError } from '../../../errors/index.js';
import { renameDurably } from '../../../files/durable-file.js';
import { MAIN_MIGRATIONS } from '../../../migrations/sqlite/main-migrations.js';
import { STAMP_COPY } from '../history-mark.js';
import type { NodeSqlite, SqlRecord } from '../node-sqlite.js';
import { openMigrated } from '../sqlite-file.js';
import type { MysqlSchema } from './mysql-schema.js';
import type { MysqlSession } from './mysql-session.js';

type Table = MysqlSchema['tables'][number];

const ROWS_PER_READ = 200;

/**
 * Copies one moment of the database into a file as the embedded store has it, of mode 0600, while others write.
 * Throws `input.invalid` when `target` is there.
 */
export async function copyToFile(session: MysqlSession, tables: MysqlSchema['tables'], target: string): Promise<void> {
  if (existsSync(target)) {
    throw new KnotError('input.invalid', `${target} is there already`, 'Name a file that does not exist yet.');
  }
  const draft = `${target}.part`;
  for (const suffix of ['', '-wal', '-shm']) await rm(draft + suffix, { force: true });
  try {
    const writer = await openMigrated(draft, MAIN_MIGRATIONS);
    try {
      await copyMoment(session, tables, writer);
      writer.exec(STAMP_COPY);
      // Out of write-ahead mode, so that the one file is all of it.
      writer.exec('PRAGMA journal_mode = DELETE');
    } finally {
      writer.close();
    }
    await renameDurably(draft, target);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

async function copyMoment(session: MysqlSession, tables: MysqlSchema['tables'], writer: NodeSqlite): Promise<void> {
  await session.run('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
  await session.run('START TRANSACTION WITH CONSISTENT SNAPSHOT');
  try {
    for (const table of tables) {
      for (let last: SqlRecord | undefined; ;) {
        const rows = await readRows(session, table, last);
        writeRows(writer, table, rows);
        last = rows.at(-1);
        if (rows.length < ROWS_PER_READ) break;
      }
    }
  } finally {
    if (!session.isBroken) await session.run('ROLLBACK');
  }
}

/** The rows after one, by key. */
function readRows(session: MysqlSession, { name, keys }: Table, last: SqlRecord | undefined): Promise<SqlRecord[]> {
  const columns = keys.map((key) => `"${key}"`).join(', ');
  const after = last === undefined ? '' : `WHERE (${columns}) > (${keys.map(() => '?').join(', ')})`;
  const from = last === undefined ? [] : keys.map((key) => last[key] ?? null);
  return session.all(`SELECT * FROM "${name}" ${after} ORDER BY ${columns} LIMIT ${ROWS_PER_READ}`, ...from);
}

function writeRows(writer: NodeSqlite, { name, columns }: Table, rows: readonly SqlRecord[]): void {
  const named = columns.map((column) => `"${column}"`).join(', ');
  const insert = `INSERT INTO "${name}" (${named}) VALUES (${columns.map(() => '?').join(', ')})`;
  writer.run('BEGIN IMMEDIATE');
  for (const row of rows) writer.run(insert, ...columns.map((column) => row[column] ?? null));
  writer.run('COMMIT');
}
