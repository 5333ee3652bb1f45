import { describe, expect, it } from 'vitest';
import { codeOf, putting, withStore, writeOf, type StorePlace } from './harness.js';
import { KINDS, SAMPLE_ROWS, sampleRow } from './sample-rows.js';

export function describeRows(makePlace: () => Promise<StorePlace>): void {
  describe('rows', () => {
    const test = withStore(makePlace);

    it.each(KINDS)('gives a %s back as it was written, with its version', async (kind) => {
      const row = SAMPLE_ROWS[kind]('x');
      expect(await test.store.get(kind, 'x')).toBeNull();
      await test.store.commit({ expect: [], writes: [writeOf(kind, row)] });
      expect(await test.store.get(kind, 'x')).toEqual({ ...row, version: 1 });
      await test.store.commit(putting(kind, 'x', 1));
      expect(await test.store.get(kind, 'x')).toEqual({ ...row, version: 2 });
      await test.store.commit({ expect: [{ kind, id: 'x', version: 2 }], writes: [{ delete: kind, id: 'x' }] });
      expect(await test.store.get(kind, 'x')).toBeNull();
    });

    it('keeps every character and every whole number', async () => {
      const job = `"quotes" 'and' \\ back\r\nslash \u0000 nul ${'long '.repeat(200_000)} 語 🪢`;
      const row = sampleRow('templateVersion', `it's "x" 🪢`, { job, createdAt: Number.MAX_SAFE_INTEGER, number: 0 });
      await test.store.commit({ expect: [], writes: [{ put: 'templateVersion', row }] });
      expect(await test.store.get('templateVersion', row.id)).toEqual({ ...row, version: 1 });
    });

    it('gives of many ids those that exist, once each', async () => {
      const ids = Array.from({ length: 700 }, (_, index) => `g${index}`);
      const writes = ids.map((id) => writeOf('guard', SAMPLE_ROWS.guard(id)));
      await test.store.commit({ expect: [], writes });
      const rows = await test.store.getMany('guard', ['none', ...ids, 'g1', 'g1']);
      expect(rows.map((row) => row.id).sort()).toEqual([...ids].sort());
      expect(await test.store.getMany('guard', [])).toEqual([]);
    });

    it('refuses a row without one of its fields and leaves nothing of the commit behind', async () => {
      const broken = { id: 'x', touchedAt: undefined as unknown as number };
      const commit = { expect: [], writes: [writeOf('secret', { id: 's', value: '' }), writeOf('guard', broken)] };
      expect(await codeOf(test.store.commit(commit))).toBe('internal');
      expect(await codeOf(test.store.commit(putting('guard', 'y')))).toBe('fulfilled');
      expect(await test.store.get('secret', 's')).toBeNull();
      expect(await test.store.get('guard', 'x')).toBeNull();
    });

    it('has all that was acknowledged when it is opened again', async () => {
      await test.store.commit({
        ...putting('space', 's', 0, ['events', 'location:main']),
        unique: [{ claim: 'space.name', value: 'u/work', id: 's' }],
      });
      const heads = [await test.store.head('events'), await test.store.head('location:main')];
      const reopened = await test.reopen();
      expect(await reopened.get('space', 's')).toEqual({ ...SAMPLE_ROWS.space('s'), version: 1 });
      expect(await reopened.holder('space.name', 'u/work')).toBe('s');
      expect([await reopened.head('events'), await reopened.head('location:main')]).toEqual(heads);
    });

    it('tells the time', async () => {
      const before = await test.store.now();
      expect(Number.isFinite(before)).toBe(true);
      expect(await test.store.now()).toBeGreaterThanOrEqual(before);
    });

    it('refuses to work once it is closed', async () => {
      const { store } = test;
      await store.close();
      await store.close();
      expect(await codeOf(store.commit(putting('guard', 'x')))).toBe('store.unavailable');
      expect(await codeOf(store.get('guard', 'x'))).toBe('store.unavailable');
    });
  });
}
