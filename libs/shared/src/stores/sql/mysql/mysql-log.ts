import { KnotError } from '../../../errors/index.js';
import type { Commit, LogEntry, Position, StreamName } from '../../store.js';
import type { SqlRecord } from '../node-sqlite.js';
import { COMPACTION_SLICE, relist, toEntry, type LogWrite } from '../revision-log.js';
import type { MysqlSession } from './mysql-session.js';

// LAST_INSERT_ID tells the new revision in the statement's own answer.
const BUMP = `INSERT INTO "stream_head" ("stream", "rev", "nonce", "compactedRev", "compactedNonce")
  VALUES (?, LAST_INSERT_ID(?), ?, 0, '')
  ON DUPLICATE KEY UPDATE "rev" = LAST_INSERT_ID("rev" + ?), "nonce" = VALUES("nonce")`;
const ENTRIES_PER_STATEMENT = 500;

/** Head and entries in one statement, so of one moment. */
const READ = `SELECT e."value" AS "epoch", h."rev" AS "headRev", h."nonce" AS "headNonce", h."compactedRev",
    h."compactedNonce", c."rev", c."nonce", c."kind", c."id", c."op"
  FROM "epoch" e LEFT JOIN "stream_head" h ON h."stream" = ?
  LEFT JOIN "change_log" c ON c."stream" = h."stream" AND c."rev" >= ?
  WHERE e."id" = 'epoch' ORDER BY c."rev" LIMIT ?`;
const HEAD = `SELECT e."value" AS "epoch", h."rev", h."nonce" FROM "epoch" e
  LEFT JOIN "stream_head" h ON h."stream" = ? WHERE e."id" = 'epoch'`;

/** Where a commit's log begins, by which its outcome is found out. */
export interface LogTrace {
  readonly stream: StreamName;
  readonly rev: number;
  readonly nonce: string;
}

/**
 * The last statements of a commit: takes the counters in sorted order, and their rows stay locked until it is
 * committed, so that revisions stand in the order of the commits.
 */
export async function appendMysqlLog(
  session: MysqlSession,
  log: NonNullable<Commit['log']>,
  nonce: string,
): Promise<Map<StreamName, number>> {
  const heads = new Map<StreamName, number>();
  const byStream = Map.groupBy(log, (entry) => entry.stream);
  for (const stream of [...byStream.keys()].sort()) {
    const entries = byStream.get(stream) ?? [];
    const head = (await session.run(BUMP, stream, entries.length, nonce, entries.length)).insertId;
    await addEntries(session, entries, head - entries.length, nonce);
    heads.set(stream, head);
  }
  return heads;
}

async function addEntries(
  session: MysqlSession,
  entries: readonly LogWrite[],
  before: number,
  nonce: string,
): Promise<void> {
  for (let from = 0; from < entries.length; from += ENTRIES_PER_STATEMENT) {
    const part = entries.slice(from, from + ENTRIES_PER_STATEMENT);
    const values = part.map(({ stream, kind, id, op }, index) => [
      stream,
      before + from + index + 1,
      nonce,
      kind,
      id,
      op,
    ]);
    const places = part.map(() => '(?, ?, ?, ?, ?, ?)').join(', ');
    const sql = `INSERT INTO "change_log" ("stream", "rev", "nonce", "kind", "id", "op") VALUES ${places}`;
    await session.run(sql, ...values.flat());
  }
}

export async function readMysqlHead(session: MysqlSession, stream: StreamName): Promise<Position> {
  const [head] = await session.all(HEAD, stream);
  return { epoch: String(head?.['epoch']), rev: Number(head?.['rev'] ?? 0), nonce: String(head?.['nonce'] ?? '') };
}

/** Throws `sync.relist` unless `after` lies in the history that the database holds and remembers. */
export async function readMysqlLog(
  session: MysqlSession,
  stream: StreamName,
  after: Position,
  limit: number,
): Promise<readonly LogEntry[]> {
  const rows = await session.all(READ, stream, after.rev, limit + 1);
  const [first] = rows;
  const head = { rev: Number(first?.['headRev'] ?? 0), nonce: String(first?.['headNonce'] ?? '') };
  const compacted = { rev: Number(first?.['compactedRev'] ?? 0), nonce: String(first?.['compactedNonce'] ?? '') };
  if (after.epoch !== first?.['epoch']) throw relist(stream, 'the position is of another epoch');
  if (after.rev > head.rev) throw relist(stream, 'the position is ahead of the head');
  if (after.rev < compacted.rev) throw relist(stream, 'the position is behind compaction');
  const known =
    after.rev === head.rev ? head.nonce : after.rev === compacted.rev ? compacted.nonce : nonceOf(first, after);
  if (after.nonce !== known) throw relist(stream, 'the position is of another history');
  const entries = rows.filter((row) => typeof row['rev'] === 'number' && row['rev'] > after.rev);
  return entries.slice(0, limit).map(toEntry);
}

function nonceOf(row: SqlRecord | undefined, { rev }: Position): string | null {
  return row?.['rev'] === rev ? String(row['nonce']) : null;
}

/** Forgets up to a slice of entries up to and including `rev`; true when none is left to forget. In a transaction. */
export async function compactMysqlLog(session: MysqlSession, stream: StreamName, rev: number): Promise<boolean> {
  const [head] = await session.all('SELECT * FROM "stream_head" WHERE "stream" = ? FOR UPDATE', stream);
  const goal = Math.min(rev, Number(head?.['rev'] ?? 0));
  const compacted = Number(head?.['compactedRev'] ?? 0);
  const upTo = Math.min(goal, compacted + COMPACTION_SLICE);
  if (upTo <= compacted) return true;
  const at = await session.all('SELECT "nonce" FROM "change_log" WHERE "stream" = ? AND "rev" = ?', stream, upTo);
  await session.run('DELETE FROM "change_log" WHERE "stream" = ? AND "rev" <= ?', stream, upTo);
  const mark = 'UPDATE "stream_head" SET "compactedRev" = ?, "compactedNonce" = ? WHERE "stream" = ?';
  await session.run(mark, upTo, String(at[0]?.['nonce'] ?? ''), stream);
  return upTo === goal;
}

/**
 * Whether a commit whose answer was lost has happened. The counter's row is locked by it until it has or has not:
 * so this waits for that. Throws `store.unavailable` where the log no longer tells.
 */
export async function wasLogged(session: MysqlSession, { stream, rev, nonce }: LogTrace): Promise<boolean> {
  const [head] = await session.all('SELECT * FROM "stream_head" WHERE "stream" = ? FOR UPDATE', stream);
  if (head === undefined || Number(head['rev']) < rev) return false;
  if (head['rev'] === rev) return head['nonce'] === nonce;
  const [entry] = await session.all('SELECT "nonce" FROM "change_log" WHERE "stream" = ? AND "rev" = ?', stream, rev);
  if (entry !== undefined) return entry['nonce'] === nonce;
  throw new KnotError(
    'store.unavailable',
    'it cannot be known any more whether this was written',
    'Look, and try again.',
  );
}
