import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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
