import { join } from 'node:path';
import { expect } from 'vitest';
import { systemRandom } from '../../../ids/random.js';
import { KeyRing } from '../../../secrets/key-ring.js';
import { NodeSqlite } from '../node-sqlite.js';
import { openSqliteLeafStore } from '../sqlite-leaf-store.js';
import { openSqliteStore } from '../sqlite-store.js';

/** All that was acknowledged is there, and every write is there whole or not at all, its log entry with it. */
export async function expectWholeMain(file: string, acknowledged: readonly string[]): Promise<void> {
  const store = await openSqliteStore({ file, clock: Date, random: systemRandom });
  try {
    const { epoch, rev } = await store.head('events');
    expect(store.history).toBe('continued');
    const entries = await store.log('events', { epoch, rev: 0, nonce: '' }, 1_000_000);
    const logged = entries.map((entry) => entry.id).sort();
    expect(entries.map((entry) => entry.rev)).toEqual(entries.map((_, index) => index + 1));
    expect(rev).toBe(entries.length);
    expect(acknowledged.filter((id) => !logged.includes(id))).toEqual([]);
    const guards = (await store.getMany('guard', logged)).map((row) => row.id).sort();
    const secrets = (await store.getMany('secret', logged)).map((row) => row.id).sort();
    expect([guards, secrets]).toEqual([logged, logged]);
    expect([await store.count('guard', {}), await store.count('secret', {})]).toEqual([rev, rev]);
    const holders = await Promise.all(logged.map((id) => store.holder('crash', id)));
    expect(holders).toEqual(logged);
  } finally {
    await store.close();
  }
  expectSound(file);
}

/** All that was acknowledged is there; the position never covers what is not, and every record has its observation. */
export async function expectWholeLeaf(file: string, acknowledged: readonly string[]): Promise<void> {
  const cipher = new KeyRing([Buffer.alloc(32, 1)], systemRandom);
  const store = await openSqliteLeafStore({ file, cipher, clock: Date });
  try {
    const objects = await store.objects('space');
    const revs = objects.map((one) => Number(Buffer.from(one.bytes).toString('utf8'))).sort((a, b) => a - b);
    expect(revs).toEqual(revs.map((_, index) => index + 1));
    expect((await store.position())?.rev ?? 0).toBe(revs.length);
    const outbox = await store.outbox(1_000_000);
    const records = (await store.records()).map((record) => record.id).sort();
    expect(outbox.map((entry) => entry.id).sort()).toEqual(records);
    expect(new Set(outbox.map((entry) => entry.sequence)).size).toBe(outbox.length);
    const stored = objects.map((one) => one.id);
    expect(acknowledged.filter((id) => !stored.includes(id) || !records.includes(id))).toEqual([]);
  } finally {
    await store.close();
  }
  expectSound(file);
}

function expectSound(file: string): void {
  const db = new NodeSqlite(join(file), { readonly: true });
  expect(db.all('PRAGMA integrity_check')).toMatchObject([{ integrity_check: 'ok' }]);
  db.close();
}
