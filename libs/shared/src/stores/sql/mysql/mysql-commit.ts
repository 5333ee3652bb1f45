import type { Kind } from '../../rows.js';
import type { Commit, Expectation, Unique } from '../../store.js';
import { checkChanged, conflict, expectedWrites, heldByOther, taken, type ExpectedWrite } from '../commit-rules.js';
import type { RowCodec, RowCodecs } from '../row-codec.js';
import { isDuplicate } from './mysql-errors.js';
import type { MysqlParameter, MysqlSession } from './mysql-session.js';

/**
 * Rows and claims of a commit, inside a transaction at READ COMMITTED: each statement decides on what is committed and
 * locks what it decided on, so that nothing can change under it before our own commit. Throws `store.conflict`,
 * `resource.exists`, and the server's errors.
 */
export async function writeMysqlCommit(session: MysqlSession, tables: RowCodecs, commit: Commit): Promise<void> {
  const { writes, reads } = expectedWrites(commit);
  for (const one of writes) checkChanged(one, await writeRow(session, tables[one.subject.kind], one));
  for (const expectation of reads) await expectVersion(session, tables[expectation.kind], expectation);
  await writeClaims(session, commit.unique ?? []);
}

async function writeRow(session: MysqlSession, table: RowCodec<Kind>, one: ExpectedWrite): Promise<number> {
  const { write, version, subject } = one;
  if ('put' in write) {
    const values = table.encode(write.row);
    if (version === undefined) return (await session.run(table.sql.upsert, ...values)).changed;
    if (version === 0) return insertNew(session, table.sql.insert, values);
    return (await session.run(table.sql.update, ...values.slice(1), subject.id, version)).changed;
  }
  if (version === undefined) return (await session.run(table.sql.delete, subject.id)).changed;
  if (version === 0) return (await isAbsent(session, table, subject.id)) ? 0 : 1;
  return (await session.run(table.sql.deleteVersion, subject.id, version)).changed;
}

/** 0 when its key is there. */
async function insertNew(session: MysqlSession, sql: string, values: readonly MysqlParameter[]): Promise<number> {
  try {
    return (await session.run(sql, ...values)).changed;
  } catch (error) {
    if (isDuplicate(error)) return 0;
    throw error;
  }
}

async function expectVersion(session: MysqlSession, table: RowCodec<Kind>, expectation: Expectation): Promise<void> {
  if (!(await holds(session, table, expectation))) throw conflict(expectation);
}

async function holds(session: MysqlSession, table: RowCodec<Kind>, { id, version }: Expectation): Promise<boolean> {
  if (version === 0) return isAbsent(session, table, id);
  const [row] = await session.all(`${table.sql.version} LOCK IN SHARE MODE`, id);
  return row?.['version'] === version;
}

/**
 * That nothing is there cannot be locked at READ COMMITTED. A row put there and taken away again can: whoever inserts
 * the same key waits for our commit. IGNORE lets the columns without a default be empty.
 */
async function isAbsent(session: MysqlSession, table: RowCodec<Kind>, id: string): Promise<boolean> {
  const { changed } = await session.run(`INSERT IGNORE INTO ${table.table} ("id", "version") VALUES (?, 0)`, id);
  if (changed === 0) return false;
  await session.run(table.sql.delete, id);
  return true;
}

/** Releases come first, so that two ids may swap a name in one commit. */
async function writeClaims(session: MysqlSession, uniques: readonly Unique[]): Promise<void> {
  for (const unique of uniques) {
    if ('release' in unique) await release(session, unique.release, unique.value, unique.id);
  }
  for (const unique of uniques) if ('claim' in unique) await claim(session, unique.claim, unique.value, unique.id);
}

const HOLDER = 'SELECT "holder" FROM "unique_claim" WHERE "scope" = ? AND "value" = ? LOCK IN SHARE MODE';

async function release(session: MysqlSession, scope: string, value: string, id: string): Promise<void> {
  const sql = 'DELETE FROM "unique_claim" WHERE "scope" = ? AND "value" = ? AND "holder" = ?';
  if ((await session.run(sql, scope, value, id)).changed === 1) return;
  const [held] = await session.all(HOLDER, scope, value);
  if (held !== undefined) throw heldByOther(scope, value);
}

async function claim(session: MysqlSession, scope: string, value: string, id: string): Promise<void> {
  const sql = 'INSERT INTO "unique_claim" ("scope", "value", "holder") VALUES (?, ?, ?)';
  if ((await insertNew(session, sql, [scope, value, id])) === 1) return;
  const [held] = await session.all(HOLDER, scope, value);
  if (held?.['holder'] !== id) throw taken(scope, value);
}
