import type { Kind } from '../rows.js';
import type { Commit, Expectation, Unique, Write } from '../store.js';
import { checkChanged, conflict, expectedWrites, heldByOther, taken, type ExpectedWrite } from './commit-rules.js';
import type { NodeSqlite } from './node-sqlite.js';
import type { RowCodec, RowCodecs } from './row-codec.js';
import { updateRow } from './sqlite-update.js';

/** Rows and claims of a commit; to be called inside a transaction. Throws `store.conflict` and `resource.exists`. */
export function writeCommit(db: NodeSqlite, tables: RowCodecs, commit: Commit): void {
  const { writes, reads } = expectedWrites(commit);
  for (const one of writes) checkChanged(one, writeRow(db, tables[one.subject.kind], one));
  for (const expectation of reads) expectVersion(db, tables[expectation.kind], expectation);
  writeClaims(db, commit.unique ?? []);
}

function writeRow(db: NodeSqlite, table: RowCodec<Kind>, { write, subject, version }: ExpectedWrite): number {
  return 'put' in write ? putRow(db, table, write.row, version) : deleteRow(db, table, subject.id, version);
}

function putRow(
  db: NodeSqlite,
  table: RowCodec<Kind>,
  row: Extract<Write, { put: Kind }>['row'],
  version: number | undefined,
): number {
  const values = table.encode(row);
  if (version === undefined) return db.run(table.sql.upsert, ...values);
  if (version === 0) return db.run(table.sql.insert, ...values);
  return updateRow(db, table, values, version);
}

function deleteRow(db: NodeSqlite, table: RowCodec<Kind>, id: string, version: number | undefined): number {
  if (version === undefined || version === 0) return db.run(table.sql.delete, id);
  return db.run(table.sql.deleteVersion, id, version);
}

function expectVersion(db: NodeSqlite, table: RowCodec<Kind>, expectation: Expectation): void {
  const version = db.get(table.sql.version, expectation.id)?.['version'] ?? 0;
  if (version !== expectation.version) throw conflict(expectation);
}

/** Releases come first, so that two ids may swap a name in one commit. */
function writeClaims(db: NodeSqlite, uniques: readonly Unique[]): void {
  for (const unique of uniques) if ('release' in unique) release(db, unique.release, unique.value, unique.id);
  for (const unique of uniques) if ('claim' in unique) claim(db, unique.claim, unique.value, unique.id);
}

const HOLDER = 'SELECT "holder" FROM "unique_claim" WHERE "scope" = ? AND "value" = ?';

function release(db: NodeSqlite, scope: string, value: string, id: string): void {
  const sql = 'DELETE FROM "unique_claim" WHERE "scope" = ? AND "value" = ? AND "holder" = ?';
  if (db.run(sql, scope, value, id) === 1) return;
  if (db.get(HOLDER, scope, value) !== undefined) throw heldByOther(scope, value);
}

function claim(db: NodeSqlite, scope: string, value: string, id: string): void {
  const sql = 'INSERT INTO "unique_claim" ("scope", "value", "holder") VALUES (?, ?, ?) ON CONFLICT DO NOTHING';
  if (db.run(sql, scope, value, id) === 1) return;
  if (db.get(HOLDER, scope, value)?.['holder'] !== id) throw taken(scope, value);
}
