import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../secrets/secret.js';
import { KINDS, SAMPLE_ROWS } from '../conformance/sample-rows.js';
import { writeOf } from '../conformance/harness.js';
import { fillFile } from '../sql/file-filling.js';
import { snapshotOfFile } from '../sql/file-snapshot.js';
import { makeSqlitePlace, type SqlitePlace } from '../sql/sqlite-place.js';
import type { Store } from '../store.js';
import { proveArchive, readArchive } from './parse-archive.js';
import { writeArchive } from './write-archive.js';

const PASSPHRASE = new Secret('a long passphrase');

describe('a backup', () => {
  let place: SqlitePlace;
  let store: Store;
  let file: string;

  beforeEach(async () => {
    place = await makeSqlitePlace();
    store = await place.open();
    const writes = KINDS.map((kind) => writeOf(kind, SAMPLE_ROWS[kind]('x')));
    const big = writeOf('secret', { id: 'big', value: 'long '.repeat(40_000) });
    const unique = [{ claim: 'space.name', value: 'u/work', id: 'x' }];
    const log = [{ stream: 'events', kind: 'space', id: 'x', op: 'put' }] as const;
    await store.commit({ expect: [], writes: [...writes, big], unique, log });
    await store.commit({ expect: [], writes: [writeOf('guard', SAMPLE_ROWS.guard('x'))] });
    file = join(await mkdtemp(join(tmpdir(), 'knot-archive-')), 'backup');
  });

  afterEach(async () => {
    await store.close();
    await place.destroy();
    await rm(join(file, '..'), { recursive: true });
  });

  const backup = (passphrase: Secret | null = null) =>
    writeArchive(file, () => snapshotOfFile(place.file), { passphrase });

  it.each([[null], [PASSPHRASE]])(
    'gives every row, name and head back as it was, with an epoch of its own',
    async (key) => {
      const head = await store.head('events');
      expect(await backup(key)).toEqual({ rows: KINDS.length + 1, claims: 1 });
      await store.close();
      const filling = await fillFile(place.file);
      await readArchive(file, filling, { passphrase: key });
      await filling.close();
      store = await place.open();
      for (const kind of KINDS) {
        const version = kind === 'guard' ? 2 : 1;
        expect(await store.get(kind, 'x')).toEqual({ ...SAMPLE_ROWS[kind]('x'), version });
      }
      expect(await store.holder('space.name', 'u/work')).toBe('x');
      const restored = await store.head('events');
      expect(restored).toMatchObject({ rev: head.rev, nonce: head.nonce });
      expect(restored.epoch).not.toBe(head.epoch);
      await expect(store.log('events', head, 10)).rejects.toMatchObject({ code: 'sync.relist' });
    },
  );

  it('is refused when any part of it was changed, left out or cut off', async () => {
    await backup(PASSPHRASE);
    const whole = await readFile(file);
    const proved = (passphrase: Secret | null = PASSPHRASE) => proveArchive(file, { passphrase });
    await proved();
    await expect(proved(new Secret('another passphrase'))).rejects.toMatchObject({ code: 'input.invalid' });
    await expect(proved(null)).rejects.toThrow('is encrypted');
    for (const cut of [0, 10, 40, whole.length - 1, whole.length - 30]) {
      await writeFile(file, whole.subarray(0, cut));
      await expect(proved()).rejects.toMatchObject({ code: 'input.invalid' });
    }
    for (const at of [20, 60, whole.length >> 1, whole.length - 1]) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ 1;
      await writeFile(file, changed);
      await expect(proved()).rejects.toMatchObject({ code: 'input.invalid' });
    }
  });

  it('is refused when it is something else, and leaves the store as it was', async () => {
    await writeFile(file, 'something else');
    await store.close();
    const filling = await fillFile(place.file);
    await expect(readArchive(file, filling)).rejects.toMatchObject({ code: 'input.invalid' });
    await filling.close();
    store = await place.open();
    expect(await store.get('space', 'x')).not.toBeNull();
  });

  it('is not filled into a store that a server has open', async () => {
    await expect(fillFile(place.file)).rejects.toMatchObject({ code: 'store.unavailable' });
  });
});
