import type { Kind } from '../../rows.js';
import type { Commit, Expectation, Unique } from '../../store.js';
import { checkChanged, conflict, expectedWrites, heldByOther, taken, type ExpectedWrite } from '../commit-rules.js';
import type { SqlRecord } from '../node-sqlite.js';
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
  for (const [kind, some] of Map.groupBy(writes, (one) => one.subject.kind)) {
    await writeRows(session, tables[kind], some);
  }
  for (const [kind, some] of Map.groupBy(reads, (one) => one.kind)) await expectVersions(session, tables[kind], some);
  await writeClaims(session, commit.unique ?? []);
}

/** Rows of one statement, so that a report of 500 spaces takes tens of round trips and not a thousand. */
const MOST_ROWS = 100;
/** Characters in them: far below what a server takes at once. */
const MOST_TEXT = 1_000_000;

async function writeRows(session: MysqlSession, table: RowCodec<Kind>, all: readonly ExpectedWrite[]): Promise<void> {
  const many = Map.groupBy(all, ({ write, version }) => {
    if (all.length === 1 || !('put' in write)) return 'alone';
    return version === undefined ? 'any' : version === 0 ? 'new' : 'known';
  });
  for (const some of parts(many.get('known'))) {
    const ids = some.map(({ subject }) => subject.id);
    const sql = `SELECT "id", "version" FROM ${table.table} WHERE "id" IN (?) FOR UPDATE`;
    const versions = versionsOf(await session.all(sql, ids));
    const changed = some.find(({ subject, version }) => versions.get(subject.id) !== version);
    if (changed !== undefined) throw conflict(changed.subject);
    await putAll(session, table, table.sql.upsert, some);
  }
  for (const some of parts(many.get('any'))) await putAll(session, table, table.sql.upsert, some);
  for (const some of parts(many.get('new'))) {
    try {
      await putAll(session, table, table.sql.insert, some);
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      // Nothing of the statement is left; one after the other tells which it was.
      for (const one of some) checkChanged(one, await writeRow(session, table, one));
    }
  }
  for (const one of many.get('alone') ?? []) checkChanged(one, await writeRow(session, table, one));
}

async function putAll(
  session: MysqlSession,
  table: RowCodec<Kind>,
  sql: string,
  some: readonly ExpectedWrite[],
): Promise<void> {
  const rows = some.flatMap(({ write }) => ('put' in write ? [table.encode(write.row)] : []));
  const weight = rows.flat().reduce<number>((sum, value) => sum + (typeof value === 'string' ? value.length : 0), 0);
  if (weight > MOST_TEXT && some.length > 1) {
    const half = Math.ceil(some.length / 2);
    await putAll(session, table, sql, some.slice(0, half));
    return putAll(session, table, sql, some.slice(half));
  }
  const one = `(${(rows[0] ?? []).map(() => '?').join(', ')}, 1)`;
  await session.run(sql.replace(one, rows.map(() => one).join(', ')), ...rows.flat());
}

function versionsOf(rows: readonly SqlRecord[]): ReadonlyMap<unknown, unknown> {
  return new Map(rows.map((row) => [row['id'], row['version']]));
}

function parts<T>(all: readonly T[] = []): T[][] {
  return Array.from({ length: Math.ceil(all.length / MOST_ROWS) }, (_, at) =>
    all.slice(at * MOST_ROWS, at * MOST_ROWS + MOST_ROWS),
  );
}

/** How many rows it changed. */
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

async function expectVersions(
  session: MysqlSession,
  table: RowCodec<Kind>,
  all: readonly Expectation[],
): Promise<void> {
  const there = all.filter(({ version }) => version > 0);
  for (const some of parts(there)) {
    const sql = `SELECT "id", "version" FROM ${table.table} WHERE "id" IN (?) LOCK IN SHARE MODE`;
    const versions = versionsOf(
      await session.all(
        sql,
        some.map(({ id }) => id),
      ),
    );
    const changed = some.find(({ id, version }) => versions.get(id) !== version);
    if (changed !== undefined) throw conflict(changed);
  }
  for (const absent of all.filter(({ version }) => version === 0)) {
    if (!(await isAbsent(session, table, absent.id))) throw conflict(absent);
  }
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
