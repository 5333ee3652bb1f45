import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newRecord } from '@knot/domain';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemRandom } from '../../ids/random.js';
import { KeyRing } from '../../secrets/key-ring.js';
import { sampleObserved } from '../conformance/sample-rows.js';
import { describeLeafStore } from '../conformance/leaf-store-suite.js';
import { NodeSqlite } from './node-sqlite.js';
import { openSqliteLeafStore, type SqliteLeafStore } from './sqlite-leaf-store.js';

const cipher = (fill: number): KeyRing => new KeyRing([Buffer.alloc(32, fill)], systemRandom);
const openAt = (folder: string, fill = 1): Promise<SqliteLeafStore> =>
  openSqliteLeafStore({ file: join(folder, 'leaf.db'), cipher: cipher(fill), clock: { now: () => 77 } });

describeLeafStore('the leaf store on SQLite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'knot-leaf-'));
  return { open: () => openAt(folder), destroy: () => rm(folder, { recursive: true, force: true }) };
});

describe("a leaf's file", () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'knot-leaf-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const fill = async (): Promise<void> => {
    const store = await openAt(folder);
    await store.putMeta('instance', 'i-1');
    await store.putSecret('credential', 'very secret text');
    const upserts = [{ kind: 'space', id: 'a', bytes: Buffer.from('password=hunter2hunter2') } as const];
    await store.applyChanges({ upserts, deletes: [], position: { epoch: 'e', rev: 4, nonce: 'n' } });
    await store.putObserved(newRecord('a', 1, 1), sampleObserved('a'));
    await store.close();
  };
  const asNewer = (): void => {
    const db = new NodeSqlite(join(folder, 'leaf.db'));
    db.exec(`INSERT INTO "migrations" ("timestamp", "name") VALUES (1, 'LeafOfTomorrow1')`);
    db.exec('ALTER TABLE "leaf_object" RENAME TO "leaf_thing"');
    db.close();
  };

  it('shows no secret to whoever reads the disk', async () => {
    await fill();
    for (const name of await readdir(folder)) {
      const text = (await readFile(join(folder, name))).toString('latin1');
      expect(text).not.toContain('very secret text');
      expect(text).not.toContain('hunter2');
    }
  });

  it('is refused with a sentence when the key is another one', async () => {
    await fill();
    await expect(openAt(folder, 2)).rejects.toMatchObject({ code: 'config.invalid' });
    const store = await openAt(folder, 1);
    expect(await store.secret('credential')).toBe('very secret text');
    await store.close();
  });

  it('of a newer version is set aside: the leaf keeps who it is and lists again', async () => {
    await fill();
    asNewer();
    const store = await openAt(folder);
    expect(store.setAside).toBe(join(folder, 'leaf.db.newer-77'));
    expect([await store.meta('instance'), await store.secret('credential')]).toEqual(['i-1', 'very secret text']);
    expect([await store.position(), await store.objects('space')]).toEqual([null, []]);
    await store.close();
    expect((await readdir(folder)).sort()).toEqual(['leaf.db', 'leaf.db.lock', 'leaf.db.newer-77']);
    const again = await openAt(folder);
    expect([again.setAside, await again.meta('instance')]).toEqual([null, 'i-1']);
    await again.close();
  });

  it('of a newer version is still set aside when a first try was cut off between its steps', async () => {
    await fill();
    asNewer();
    await (await openAt(folder)).close();
    const { rename } = await import('node:fs/promises');
    await rename(join(folder, 'leaf.db'), join(folder, 'leaf.db.next'));
    const store = await openAt(folder);
    expect(await store.meta('instance')).toBe('i-1');
    await store.close();
  });
});
