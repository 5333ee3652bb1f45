import { copyFile, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeOf, EVENTS, putting } from '../conformance/harness.js';
import { NodeSqlite } from './node-sqlite.js';
import { makeSqlitePlace, type SqlitePlace } from './sqlite-place.js';
import type { SqliteStore } from './sqlite-store.js';

let place: SqlitePlace;
beforeEach(async () => {
  place = await makeSqlitePlace();
});
afterEach(() => place.destroy());

async function run<T>(use: (store: SqliteStore) => Promise<T>): Promise<T> {
  const store = await place.open();
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

describe('the file of the main store', () => {
  it('belongs to one process, and whoever comes second is told who has it', async () => {
    await run(async () => {
      await expect(place.open()).rejects.toMatchObject({
        code: 'store.unavailable',
        message: `process ${process.pid} has ${place.file} open`,
      });
    });
    await run((store) => store.commit(putting('guard', 'x')));
  });

  it('is not said to be held when the lock file fails for another reason', async () => {
    await run(async () => {});
    const lock = new NodeSqlite(`${place.file}.lock`);
    lock.exec("CREATE TRIGGER broken BEFORE INSERT ON holder BEGIN SELECT RAISE(ABORT, 'as if the disk failed'); END");
    lock.close();
    await expect(place.open()).rejects.toThrow('as if the disk failed');
  });

  it('is for its user only, and so is a backup', async () => {
    await run(async (store) => {
      await store.commit(putting('guard', 'x'));
      const backup = place.backupPath();
      await store.backup(backup);
      for (const path of [place.file, `${place.file}-wal`, backup]) expect((await stat(path)).mode & 0o777).toBe(0o600);
    });
  });

  it('of a newer version is refused with a sentence, and left alone', async () => {
    await run((store) => store.commit(putting('guard', 'x')));
    const db = new NodeSqlite(place.file);
    db.exec(`INSERT INTO "migrations" ("timestamp", "name") VALUES (1, 'MainOfTomorrow1')`);
    db.close();
    await expect(place.open()).rejects.toThrow('was written by a newer knot');
    const after = new NodeSqlite(place.file);
    expect(after.all('SELECT id FROM "guard"')).toMatchObject([{ id: 'x' }]);
    after.close();
  });

  it('is refused with a sentence when it is no database, or its folder cannot be made', async () => {
    await writeFile(place.file, 'this is a text, and not a database at all'.repeat(200));
    await expect(place.open()).rejects.toMatchObject({ code: 'store.unavailable' });
    await rm(place.file);
    await mkdir(place.file);
    await expect(place.open()).rejects.toMatchObject({ code: 'store.unavailable' });
    await rm(place.file, { recursive: true });
    await run(async (store) => expect(store.history).toBe('new'));
  });

  it('gives no backup where none can be written, and leaves nothing half there', async () => {
    await run(async (store) => {
      expect(await codeOf(store.backup(join(place.folder, 'no', 'such', 'folder.db')))).toBe('store.unavailable');
      expect(await codeOf(store.backup(place.file))).toBe('input.invalid');
      expect(await codeOf(store.commit(putting('guard', 'x')))).toBe('fulfilled');
    });
  });

  it('gives a backup that is whole in its one file', async () => {
    const backup = place.backupPath();
    await run(async (store) => {
      for (let index = 0; index < 200; index += 1) await store.commit(putting('space', `${index}`, 0, [EVENTS]));
      await store.backup(backup);
    });
    const db = new NodeSqlite(backup, { readonly: true });
    expect(db.all('PRAGMA integrity_check')).toMatchObject([{ integrity_check: 'ok' }]);
    expect(db.get('SELECT count(*) AS count FROM "space"')).toMatchObject({ count: 200 });
    db.close();
  });
});

describe('the history of the main store', () => {
  const epochOf = async (store: SqliteStore): Promise<string> => (await store.head(EVENTS)).epoch;
  const openings = (): Promise<{ history: string; epoch: string }> =>
    run(async (store) => ({ history: store.history, epoch: await epochOf(store) }));

  it('goes on from start to start', async () => {
    const first = await openings();
    expect(first.history).toBe('new');
    expect(await openings()).toEqual({ history: 'continued', epoch: first.epoch });
    expect(await openings()).toEqual({ history: 'continued', epoch: first.epoch });
  });

  it('ends when a raw copy of an earlier start is put back, and goes on from there', async () => {
    const first = await openings();
    const copy = join(place.folder, 'copy.db');
    await copyFile(place.file, copy);
    await openings();
    await place.restore(copy);
    const restored = await openings();
    expect(restored.history).toBe('restored');
    expect(restored.epoch).not.toBe(first.epoch);
    expect(await openings()).toEqual({ history: 'continued', epoch: restored.epoch });
  });

  it('ends when a backup is put back, even one of the present start, and even elsewhere', async () => {
    const backup = place.backupPath();
    const epoch = await run(async (store) => {
      await store.backup(backup);
      return epochOf(store);
    });
    await place.restore(backup);
    const restored = await openings();
    expect(restored.history).toBe('restored');
    expect(restored.epoch).not.toBe(epoch);
  });

  it('ends when nothing vouches for the file any more', async () => {
    await openings();
    await rm(`${place.file}.mark`);
    expect((await openings()).history).toBe('restored');
    await writeFile(`${place.file}.mark`, '{broken');
    expect((await openings()).history).toBe('restored');
    expect((await openings()).history).toBe('continued');
  });

  it('of a raw copy of one start is told by the revisions: a reader that knows more lists again', async () => {
    const copy = join(place.folder, 'copy.db');
    const ahead = await run(async (store) => {
      await store.commit(putting('guard', 'old', 0, [EVENTS]));
      await copyFile(place.file, copy);
      await copyFile(`${place.file}-wal`, `${copy}-wal`);
      await store.commit(putting('guard', 'lost', 0, [EVENTS]));
      return store.head(EVENTS);
    });
    await place.restore(copy);
    await copyFile(`${copy}-wal`, `${place.file}-wal`);
    await run(async (store) => {
      expect(await store.get('guard', 'lost')).toBeNull();
      expect(await codeOf(store.log(EVENTS, ahead, 10))).toBe('sync.relist');
      await store.commit(putting('guard', 'a', 0, [EVENTS]));
      expect((await store.head(EVENTS)).rev).toBe(ahead.rev);
      expect(await codeOf(store.log(EVENTS, ahead, 10))).toBe('sync.relist');
      await store.commit(putting('guard', 'b', 0, [EVENTS]));
      expect(await codeOf(store.log(EVENTS, ahead, 10))).toBe('sync.relist');
    });
  });
});
