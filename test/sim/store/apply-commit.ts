import { KnotError } from '@knot/shared/errors';
import type { Commit, Kind, Rows, StreamName, Write } from '@knot/shared/store';
import { claimKey, emptyStream, type DiskContent } from './disk.js';

/**
 * Writes a commit and answers the heads of the streams it wrote to. Throws as `Store.commit` does, and then nothing of it
 * is written.
 */
export function applyCommit(content: DiskContent, commit: Commit, nonce: string): ReadonlyMap<StreamName, number> {
  const { expect, writes, unique = [], log = [] } = commit;
  for (const { kind, id, version } of expect) {
    if ((content.rows.get(kind)?.get(id)?.version ?? 0) !== version) throw conflict(kind, id);
  }
  assertSound(writes);
  assertClaims(content.claims, unique);
  for (const write of writes) writeRow(content.rows, write);
  for (const change of unique) if ('release' in change) content.claims.delete(claimKey(change.release, change.value));
  for (const change of unique) {
    if ('claim' in change) content.claims.set(claimKey(change.claim, change.value), change.id);
  }
  return writeLog(content.streams, log, nonce);
}

function assertSound(writes: readonly Write[]): void {
  const written = new Set<string>();
  for (const write of writes) {
    const [kind, id] = 'put' in write ? [write.put, write.row.id] : [write.delete, write.id];
    const key = `${kind}\n${id}`;
    if (written.has(key)) throw new KnotError('internal', `a commit writes the ${kind} ${id} twice`);
    written.add(key);
    if ('put' in write && Object.values(write.row).includes(undefined)) {
      throw new KnotError('internal', 'a row lacks one of its fields');
    }
  }
}

function assertClaims(claims: ReadonlyMap<string, string>, uniques: NonNullable<Commit['unique']>): void {
  const released = new Set<string>();
  for (const unique of uniques) {
    if (!('release' in unique)) continue;
    const key = claimKey(unique.release, unique.value);
    const holder = claims.get(key);
    if (holder !== undefined && holder !== unique.id) {
      throw new KnotError('store.conflict', `"${unique.value}" is held by somebody else by now`, 'Try again.');
    }
    released.add(key);
  }
  const claimed = new Map<string, string>();
  for (const unique of uniques) {
    if (!('claim' in unique)) continue;
    const { claim: scope, value, id } = unique;
    const key = claimKey(scope, value);
    const holder = claimed.get(key) ?? (released.has(key) ? undefined : claims.get(key));
    if (holder !== undefined && holder !== id) {
      throw new KnotError('resource.exists', `the ${scope} "${value}" is taken`, 'Choose another.', { scope, value });
    }
    claimed.set(key, id);
  }
}

/** As a database gives it back: no object is shared with whoever wrote it. */
function writeRow(rows: DiskContent['rows'], write: Write): void {
  const kind = 'put' in write ? write.put : write.delete;
  const ofKind = rows.get(kind) ?? new Map<string, Rows[Kind]>();
  rows.set(kind, ofKind);
  if (!('put' in write)) return void ofKind.delete(write.id);
  const { id } = write.row;
  const version = (ofKind.get(id)?.version ?? 0) + 1;
  ofKind.set(id, { ...(structuredClone(write.row) as Rows[Kind]), version });
}

function writeLog(
  streams: DiskContent['streams'],
  log: NonNullable<Commit['log']>,
  nonce: string,
): ReadonlyMap<StreamName, number> {
  const heads = new Map<StreamName, number>();
  for (const { stream: name, kind, id, op } of log) {
    const stream = streams.get(name) ?? emptyStream();
    streams.set(name, stream);
    const rev = stream.rev + 1;
    stream.entries.push({ rev, nonce, kind, id, op });
    Object.assign(stream, { rev, nonce });
    heads.set(name, rev);
  }
  return heads;
}

function conflict(kind: Kind, id: string): KnotError {
  return new KnotError('store.conflict', `the ${kind} ${id} was changed at the same moment`, 'Try again.');
}
