import { KnotError } from '../../errors/index.js';
import type { Kind } from '../rows.js';
import type { Commit, Expectation, Unique, Write } from '../store.js';
import type { NodeSqlite } from './node-sqlite.js';
import type { RowCodec, RowCodecs } from './row-codec.js';

/** Rows and claims of a commit; to be called inside a transaction. Throws `store.conflict` and `resource.exists`. */
export function writeCommit(db: NodeSqlite, tables: RowCodecs, commit: Commit): void {
  const expected = expectations(commit);
  const written = new Set<string>();
  for (const write of commit.writes) {
    const { kind, id } = subjectOf(write);
    const key = `${kind} ${id}`;
    if (written.has(key)) throw new KnotError('internal', `a commit writes the ${kind} ${id} twice`);
    written.add(key);
    writeRow(db, tables[kind], write, expected.get(key)?.version);
  }
  for (const [key, expectation] of expected) {
    if (!written.has(key)) expectVersion(db, tables[expectation.kind], expectation);
  }
  writeClaims(db, commit.unique ?? []);
}

function expectations(commit: Commit): Map<string, Expectation> {
  const expected = new Map<string, Expectation>();
  for (const expectation of commit.expect) {
    const key = `${expectation.kind} ${expectation.id}`;
    const other = expected.get(key);
    if (other !== undefined && other.version !== expectation.version) throw conflict(expectation);
    expected.set(key, expectation);
  }
  return expected;
}

function subjectOf(write: Write): { kind: Kind; id: string } {
  return 'put' in write ? { kind: write.put, id: write.row.id } : { kind: write.delete, id: write.id };
}

function writeRow(db: NodeSqlite, table: RowCodec<Kind>, write: Write, version: number | undefined): void {
  const subject = subjectOf(write);
  const changed = 'put' in write ? putRow(db, table, write.row, version) : deleteRow(db, table, subject.id, version);
  if (version !== undefined && changed !== (version === 0 && !('put' in write) ? 0 : 1)) throw conflict(subject);
}

function putRow(db: NodeSqlite, table: RowCodec<Kind>, row: { id: string }, version: number | undefined): number {
  const values = table.encode(row);
  if (version === undefined) return db.run(table.sql.upsert, ...values);
  if (version === 0) return db.run(table.sql.insert, ...values);
  return db.run(table.sql.update, ...values.slice(1), row.id, version);
}

function deleteRow(db: NodeSqlite, table: RowCodec<Kind>, id: string, version: number | undefined): number {
  if (version === undefined || version === 0) return db.run(table.sql.delete, id);
  return db.run(table.sql.deleteVersion, id, version);
}

function expectVersion(db: NodeSqlite, table: RowCodec<Kind>, expectation: Expectation): void {
  const version = db.get(table.sql.version, expectation.id)?.['version'] ?? 0;
  if (version !== expectation.version) throw conflict(expectation);
}

function conflict({ kind, id }: { kind: Kind; id: string }): KnotError {
  return new KnotError('store.conflict', `the ${kind} ${id} was changed at the same moment`, 'Try again.', {
    kind,
    id,
  });
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
  if (db.get(HOLDER, scope, value) === undefined) return;
  const message = `the ${scope} "${value}" is held by somebody else by now`;
  throw new KnotError('store.conflict', message, 'Try again.', { scope, value });
}

function claim(db: NodeSqlite, scope: string, value: string, id: string): void {
  const sql = 'INSERT INTO "unique_claim" ("scope", "value", "holder") VALUES (?, ?, ?) ON CONFLICT DO NOTHING';
  if (db.run(sql, scope, value, id) === 1) return;
  if (db.get(HOLDER, scope, value)?.['holder'] === id) return;
  throw new KnotError('resource.exists', `the ${scope} "${value}" is taken`, 'Choose another one.', { scope, value });
}
