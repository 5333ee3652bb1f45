import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemRandom } from '../ids/random.js';
import { makeSqlitePlace, type SqlitePlace } from '../stores/sql/sqlite-place.js';
import type { SqliteStore } from '../stores/sql/sqlite-store.js';
import { proveKeyRing, settleCanary } from './canary.js';
import { KeyRing } from './key-ring.js';

const ring = (...fills: number[]): KeyRing =>
  new KeyRing(
    fills.map((fill) => Buffer.alloc(32, fill)),
    systemRandom,
  );

describe('proveKeyRing', () => {
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

  it('lets the key in that the store was begun with, and no other', async () => {
    await proveKeyRing(store, ring(1));
    await proveKeyRing(store, ring(1));
    await expect(proveKeyRing(store, ring(2))).rejects.toMatchObject({ code: 'config.invalid' });
    expect((await store.get('secret', 'canary'))?.version).toBe(1);
  });

  it('goes over to a new key that comes with the former one, which may go once all is sealed with the new', async () => {
    await proveKeyRing(store, ring(1));
    await proveKeyRing(store, ring(2, 1));
    await proveKeyRing(store, ring(2, 1));
    for (const fills of [[1], [2]]) {
      await expect(proveKeyRing(store, ring(...fills))).rejects.toMatchObject({ code: 'config.invalid' });
    }
    await settleCanary(store, ring(2, 1));
    await settleCanary(store, ring(2, 1));
    await proveKeyRing(store, ring(2));
    await expect(proveKeyRing(store, ring(1))).rejects.toMatchObject({ code: 'config.invalid' });
  });

  it('is begun once by two origins that start at once', async () => {
    await Promise.all([proveKeyRing(store, ring(1)), proveKeyRing(store, ring(1))]);
    expect((await store.get('secret', 'canary'))?.version).toBe(1);
  });
});
