import { KnotError } from '@knot/shared/errors';
import type { Commit, Kind, LogEntry, Rows, StreamName, Write } from '@knot/shared/store';
import { claimKey, EMPTY_STREAM, rowKey, type DiskContent } from './disk.js';

/** The content after a commit, with the heads of the streams it wrote to. Throws as `Store.commit` does. */
export function applyCommit(
  content: DiskContent,
  commit: Commit,
  nonce: string,
): { readonly content: DiskContent; readonly heads: ReadonlyMap<StreamName, number> } {
  for (const { kind, id, version } of commit.expect) {
    if ((content.rows.get(rowKey(kind, id))?.version ?? 0) !== version) throw conflict(kind, id);
  }
  const rows = writeRows(content.rows, commit.writes);
  const claims = writeClaims(content.claims, commit.unique ?? []);
  const { streams, heads } = writeLog(content.streams, commit.log ?? [], nonce);
  return { content: { ...content, rows, claims, streams }, heads };
}

function writeRows(before: DiskContent['rows'], writes: readonly Write[]): DiskContent['rows'] {
  const rows = new Map(before);
  const written = new Set<string>();
  for (const write of writes) {
    const [kind, id] = 'put' in write ? [write.put, write.row.id] : [write.delete, write.id];
    const key = rowKey(kind, id);
    if (written.has(key)) throw new KnotError('internal', `a commit writes the ${kind} ${id} twice`);
    written.add(key);
    if ('put' in write) rows.set(key, stored(write.row, (rows.get(key)?.version ?? 0) + 1));
    else rows.delete(key);
  }
  return rows;
}

/** As a database gives it back: no object is shared with whoever wrote it. */
function stored(row: object, version: number): Rows[Kind] {
  if (Object.values(row).includes(undefined)) throw new KnotError('internal', 'a row lacks one of its fields');
  return { ...(structuredClone(row) as Rows[Kind]), version };
}

function writeClaims(before: DiskContent['claims'], uniques: NonNullable<Commit['unique']>): DiskContent['claims'] {
  if (uniques.length === 0) return before;
  const claims = new Map(before);
  for (const unique of uniques) {
    if (!('release' in unique)) continue;
    const key = claimKey(unique.release, unique.value);
    const holder = claims.get(key);
    if (holder !== undefined && holder !== unique.id) {
      throw new KnotError('store.conflict', `"${unique.value}" is held by somebody else by now`, 'Try again.');
    }
    claims.delete(key);
  }
  for (const unique of uniques) {
    if (!('claim' in unique)) continue;
    const { claim: scope, value, id } = unique;
    const holder = claims.get(claimKey(scope, value));
    if (holder !== undefined && holder !== id) {
      throw new KnotError('resource.exists', `the ${scope} "${value}" is taken`, 'Choose another.', { scope, value });
    }
    claims.set(claimKey(scope, value), id);
  }
  return claims;
}

function writeLog(
  before: DiskContent['streams'],
  log: NonNullable<Commit['log']>,
  nonce: string,
): { readonly streams: DiskContent['streams']; readonly heads: ReadonlyMap<StreamName, number> } {
  const heads = new Map<StreamName, number>();
  if (log.length === 0) return { streams: before, heads };
  const streams = new Map(before);
  for (const { stream, kind, id, op } of log) {
    const head = streams.get(stream) ?? EMPTY_STREAM;
    const entry: LogEntry = { rev: head.rev + 1, nonce, kind, id, op };
    streams.set(stream, { ...head, rev: entry.rev, nonce, entries: [...head.entries, entry] });
    heads.set(stream, entry.rev);
  }
  return { streams, heads };
}

function conflict(kind: Kind, id: string): KnotError {
  return new KnotError('store.conflict', `the ${kind} ${id} was changed at the same moment`, 'Try again.');
}
