import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleRow } from '../conformance/sample-rows.js';
import { NodeSqlite } from './node-sqlite.js';
import { makeSqlitePlace, type SqlitePlace } from './sqlite-place.js';
import type { SqliteStore } from './sqlite-store.js';

let place: SqlitePlace;
let store: SqliteStore;
beforeEach(async () => {
  place = await makeSqlitePlace();
  store = await place.open();
});
afterEach(async () => {
  await store.close();
  await place.destroy();
});

const lease = (renewedAt: number) => ({ id: 'lon', holder: 'h', instance: 'i', term: 1, renewedAt });
const renew = (version: number, renewedAt: number) =>
  store.commit({
    expect: [{ kind: 'lease', id: 'lon', version }],
    writes: [{ put: 'lease', row: lease(renewedAt) }],
  });

describe('rows that the store on SQLite keeps', () => {
  it('are read anew after each commit that writes or deletes them', async () => {
    await renew(0, 1);
    expect((await store.get('lease', 'lon'))?.renewedAt).toBe(1);
    await renew(1, 2);
    expect(await store.get('lease', 'lon')).toMatchObject({ renewedAt: 2, version: 2 });
    expect((await store.getMany('lease', ['lon', 'lon', 'nyc'])).map(({ renewedAt }) => renewedAt)).toEqual([2]);
    await store.commit({ expect: [], writes: [{ delete: 'lease', id: 'lon' }] });
    expect(await store.get('lease', 'lon')).toBeNull();
    expect(await store.getMany('lease', ['lon'])).toEqual([]);
  });

  it('stand as they were after a commit that was refused', async () => {
    await renew(0, 1);
    await store.get('lease', 'lon');
    await expect(renew(7, 2)).rejects.toMatchObject({ code: 'store.conflict' });
    expect(await store.get('lease', 'lon')).toMatchObject({ renewedAt: 1, version: 1 });
  });

  it('cannot be changed by whoever read them', async () => {
    await renew(0, 1);
    const row = await store.get('lease', 'lon');
    expect(() => Object.assign(row ?? {}, { term: 9 })).toThrow(TypeError);
    expect((await store.get('lease', 'lon'))?.term).toBe(1);
  });

  it('are known from their writing, as a read would give them', async () => {
    const row = { ...sampleRow('space', 'one'), sharedWith: ['ann'], want: 'running' as const };
    const change = (version: number, part: object) =>
      store.commit({
        expect: [{ kind: 'space', id: 'one', version }],
        writes: [{ put: 'space', row: { ...row, ...part } }],
      });
    await change(0, {});
    const shell = new NodeSqlite(place.file);
    shell.run('UPDATE "space" SET "name" = ?', 'theirs');
    expect(await store.get('space', 'one')).toEqual({ ...row, version: 1 });
    await change(1, { name: 'mine', want: 'stopped' });
    const known = await store.get('space', 'one');
    shell.close();
    await store.close();
    store = await place.open();
    expect(await store.get('space', 'one')).toEqual(known);
    expect(known).toMatchObject({ name: 'mine', want: 'stopped', version: 2 });
  });

  it('are those of the later of two commits that one transaction holds', async () => {
    await renew(0, 1);
    const later = () => store.commit({ expect: [], writes: [{ put: 'lease', row: lease(3) }] });
    await Promise.all([renew(1, 2), later()]);
    expect(await store.get('lease', 'lon')).toMatchObject({ renewedAt: 3, version: 3 });
  });

  it('are not there until they are written', async () => {
    expect(await store.get('guard', 'x')).toBeNull();
    expect(await store.getMany('guard', ['x'])).toEqual([]);
    await store.commit({ expect: [], writes: [{ put: 'guard', row: { id: 'x', touchedAt: 1 } }] });
    expect(await store.get('guard', 'x')).toMatchObject({ touchedAt: 1 });
  });

  it('are found by what was changed of them and by what was not', async () => {
    const row = { ...sampleRow('space', 'one'), ownerId: 'ann', want: 'running' as const, name: 'a' };
    const put = (version: number, part: object) =>
      store.commit({
        expect: [{ kind: 'space', id: 'one', version }],
        writes: [{ put: 'space', row: { ...row, ...part } }],
      });
    await put(0, {});
    await put(1, { want: 'stopped', description: 'new' });
    const found = async (where: object) => (await store.page('space', { where, limit: 5 })).rows.length;
    expect(await found({ want: 'running' })).toBe(0);
    expect(await found({ want: 'stopped' })).toBe(1);
    expect(await found({ ownerId: 'ann' })).toBe(1);
    await expect(put(1, { want: 'running' })).rejects.toMatchObject({ code: 'store.conflict' });
    expect((await store.page('space', { search: 'a', limit: 5 })).rows).toMatchObject([
      { description: 'new', version: 2 },
    ]);
  });

  it('give way at the next commit to what another program wrote', async () => {
    await renew(0, 1);
    await store.get('lease', 'lon');
    const shell = new NodeSqlite(place.file);
    shell.run('UPDATE "lease" SET "term" = 5, "version" = 2');
    shell.close();
    await expect(renew(1, 2)).rejects.toMatchObject({ code: 'store.conflict' });
    expect(await store.get('lease', 'lon')).toMatchObject({ term: 5, version: 2 });
    await renew(2, 3);
  });
});
