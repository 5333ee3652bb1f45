import { KnotError } from '../../errors/index.js';
import type { Commit, LogEntry, Position, StreamName } from '../store.js';
import type { NodeSqlite, SqlRecord } from './node-sqlite.js';
import { kindOf } from './row-codec.js';

export type LogWrite = NonNullable<Commit['log']>[number];

/** Entries that one transaction of a compaction forgets at most. */
export const COMPACTION_SLICE = 2_000;

const BUMP = `INSERT INTO "stream_head" ("stream", "rev", "nonce", "compactedRev", "compactedNonce") VALUES (?1, ?2, ?3, 0, '')
  ON CONFLICT ("stream") DO UPDATE SET "rev" = "rev" + ?2, "nonce" = ?3 RETURNING "rev"`;
const ADD = 'INSERT INTO "change_log" ("stream", "rev", "nonce", "kind", "id", "op") VALUES (?, ?, ?, ?, ?, ?)';
const HEAD = 'SELECT * FROM "stream_head" WHERE "stream" = ?';
const NONCE = 'SELECT "nonce" FROM "change_log" WHERE "stream" = ? AND "rev" = ?';
const AFTER = 'SELECT * FROM "change_log" WHERE "stream" = ? AND "rev" > ? ORDER BY "rev" LIMIT ?';

interface Head {
  readonly rev: number;
  readonly nonce: string;
  readonly compactedRev: number;
  readonly compactedNonce: string;
}

const EMPTY: Head = { rev: 0, nonce: '', compactedRev: 0, compactedNonce: '' };

/** The last statements of a commit: takes the counters in sorted order and gives each entry a revision of its own. */
export function appendLog(db: NodeSqlite, log: readonly LogWrite[], nonce: string): Map<StreamName, number> {
  const heads = new Map<StreamName, number>();
  const byStream = Map.groupBy(log, (entry) => entry.stream);
  for (const stream of [...byStream.keys()].sort()) {
    const entries = byStream.get(stream) ?? [];
    const head = Number(db.get(BUMP, stream, entries.length, nonce)?.['rev']);
    let rev = head - entries.length;
    for (const { kind, id, op } of entries) db.run(ADD, stream, ++rev, nonce, kind, id, op);
    heads.set(stream, head);
  }
  return heads;
}

export function readHead(db: NodeSqlite, stream: StreamName): Head {
  const record = db.get(HEAD, stream);
  if (record === undefined) return EMPTY;
  return {
    rev: Number(record['rev']),
    nonce: String(record['nonce']),
    compactedRev: Number(record['compactedRev']),
    compactedNonce: String(record['compactedNonce']),
  };
}

/** Throws `sync.relist` unless `after` lies in the history that this file holds and remembers. */
export function readLog(
  db: NodeSqlite,
  epoch: string,
  stream: StreamName,
  after: Position,
  limit: number,
): readonly LogEntry[] {
  const head = readHead(db, stream);
  if (after.epoch !== epoch) throw relist(stream, 'the position is of another epoch');
  if (after.rev > head.rev) throw relist(stream, 'the position is ahead of the head');
  if (after.rev < head.compactedRev) throw relist(stream, 'the position is behind compaction');
  if (after.nonce !== nonceAt(db, stream, head, after.rev)) throw relist(stream, 'the position is of another history');
  return db.all(AFTER, stream, after.rev, limit).map(toEntry);
}

/** Forgets up to a slice of entries up to and including `rev`; true when none is left to forget. */
export function compactLog(db: NodeSqlite, stream: StreamName, rev: number): boolean {
  const head = readHead(db, stream);
  const goal = Math.min(rev, head.rev);
  const upTo = Math.min(goal, head.compactedRev + COMPACTION_SLICE);
  if (upTo <= head.compactedRev) return true;
  const nonce = nonceAt(db, stream, head, upTo);
  db.run('DELETE FROM "change_log" WHERE "stream" = ? AND "rev" <= ?', stream, upTo);
  const mark = 'UPDATE "stream_head" SET "compactedRev" = ?, "compactedNonce" = ? WHERE "stream" = ?';
  db.run(mark, upTo, nonce ?? '', stream);
  return upTo === goal;
}

function nonceAt(db: NodeSqlite, stream: StreamName, head: Head, rev: number): string | null {
  if (rev === head.rev) return head.nonce;
  if (rev === head.compactedRev) return head.compactedNonce;
  const nonce = db.get(NONCE, stream, rev)?.['nonce'];
  return nonce === undefined ? null : String(nonce);
}

export function toEntry(record: SqlRecord): LogEntry {
  return {
    rev: Number(record['rev']),
    nonce: String(record['nonce']),
    kind: kindOf(record['kind']),
    id: String(record['id']),
    op: record['op'] === 'delete' ? 'delete' : 'put',
  };
}

export function relist(stream: StreamName, message: string): KnotError {
  return new KnotError('sync.relist', `${message} of ${stream}`, 'List again and follow from there.');
}
