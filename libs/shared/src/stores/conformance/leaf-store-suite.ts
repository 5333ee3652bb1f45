import { newRecord, type ObservedSpace, type SpaceRecord } from '@knot/domain';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeOf } from './harness.js';
import { sampleObserved } from './sample-rows.js';
import type { LeafStore } from '../leaf-store.js';

/** One empty place for a leaf's store. */
export interface LeafStorePlace {
  open(): Promise<LeafStore>;
  destroy(): Promise<void>;
}

const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8');
const at = (rev: number, epoch = 'e1') => ({ epoch, rev, nonce: `n${rev}` });
const space = (id: string, text = id) => ({ kind: 'space', id, bytes: bytes(text) }) as const;
const record = (id: string): SpaceRecord => newRecord(id, 1, 1_760_000_000_000);
const observed = (id: string, generation: number): ObservedSpace => ({
  ...sampleObserved(id),
  observedGeneration: generation,
});

/** What every `LeafStore` must do, told as tests. */
export function describeLeafStore(name: string, makePlace: () => Promise<LeafStorePlace>): void {
  describe(name, () => {
    let place: LeafStorePlace;
    let store: LeafStore;
    beforeEach(async () => {
      place = await makePlace();
      store = await place.open();
    });
    afterEach(async () => {
      await store.close();
      await place.destroy();
    });
    const reopen = async (): Promise<void> => {
      await store.close();
      store = await place.open();
    };
    const texts = async (): Promise<string[]> =>
      (await store.objects('space')).map((one) => `${one.id}=${Buffer.from(one.bytes).toString('utf8')}`).sort();
    const outbox = async (limit = 100): Promise<string[]> =>
      (await store.outbox(limit)).map((entry) => `${entry.kind} ${entry.id}`);

    it('knows who it is after it was opened again', async () => {
      expect([await store.meta('instance'), await store.secret('credential')]).toEqual([null, null]);
      await store.putMeta('instance', 'a');
      await store.putMeta('instance', 'b');
      await store.putSecret('credential', 'first');
      await store.putSecret('credential', 'ünlocked \u0000 🗝');
      await reopen();
      expect([await store.meta('instance'), await store.secret('credential')]).toEqual(['b', 'ünlocked \u0000 🗝']);
    });

    it('stores changes and the position that covers them together', async () => {
      expect(await store.position()).toBeNull();
      await store.applyChanges({ upserts: [space('a'), space('b')], deletes: [], position: at(2) });
      await store.applyChanges({
        upserts: [space('a', 'new')],
        deletes: [{ kind: 'space', id: 'b' }],
        position: at(4),
      });
      await reopen();
      expect(await store.position()).toEqual(at(4));
      expect(await texts()).toEqual(['a=new']);
      expect(await store.object('space', 'a')).toEqual({ ...space('a'), bytes: expect.anything(), listed: true });
      expect(await store.object('space', 'b')).toBeNull();
      expect(await store.object('volume', 'a')).toBeNull();
    });

    it('takes bytes of any kind and length', async () => {
      const every = Uint8Array.from({ length: 100_000 }, (_, index) => index % 256);
      const upserts = [
        { kind: 'space', id: 'long', bytes: every } as const,
        { kind: 'volume', id: 'empty', bytes: new Uint8Array() } as const,
      ];
      await store.applyChanges({ upserts, deletes: [], position: at(1) });
      expect(Buffer.from((await store.object('space', 'long'))?.bytes ?? []).equals(every)).toBe(true);
      expect((await store.object('volume', 'empty'))?.bytes).toHaveLength(0);
    });

    it('keeps its position through the pages of a relist, and what the list did not name', async () => {
      await store.applyChanges({ upserts: [space('a'), space('b'), space('c')], deletes: [], position: at(3) });
      await store.applyChanges({ upserts: [space('b', 'again')], deletes: [], position: null });
      expect(await store.position()).toEqual(at(3));
      const unlisted = await store.finishRelist(new Set(['b', 'd']), at(9, 'e2'));
      expect(unlisted.map((one) => one.id).sort()).toEqual(['a', 'c']);
      await reopen();
      expect(await store.position()).toEqual(at(9, 'e2'));
      expect(await texts()).toEqual(['a=a', 'b=again', 'c=c']);
      expect((await store.object('space', 'a'))?.listed).toBe(false);
      expect((await store.object('space', 'b'))?.listed).toBe(true);
      // The next list names one of them again: it is whole again; the other stays unlisted.
      await store.applyChanges({ upserts: [space('a', 'back')], deletes: [], position: null });
      expect((await store.finishRelist(new Set(['a', 'b']), at(10, 'e2'))).map((one) => one.id)).toEqual(['c']);
      expect((await store.object('space', 'a'))?.listed).toBe(true);
    });

    it('deletes nothing when a list names nothing at all', async () => {
      await store.applyChanges({ upserts: [space('a'), space('b')], deletes: [], position: at(2) });
      expect(await store.finishRelist(new Set(), at(1, 'e2'))).toHaveLength(2);
      expect(await texts()).toEqual(['a=a', 'b=b']);
    });

    it('remembers its deeds', async () => {
      expect(await store.record('a')).toBeNull();
      await store.putRecord(record('a'));
      await store.putRecord({ ...record('a'), appliedHash: 'h' });
      await store.putRecord(record('b'));
      await reopen();
      expect(await store.record('a')).toEqual({ ...record('a'), appliedHash: 'h' });
      expect((await store.records()).map((one) => one.id).sort()).toEqual(['a', 'b']);
    });

    it('puts the latest observation of each object in the outbox, in the order of their making', async () => {
      await store.putObserved(record('a'), observed('a', 1));
      await store.putObserved(record('b'), observed('b', 1));
      await store.putVolumeObserved('v', '{"state":"ready"}');
      await store.putObserved(record('a'), observed('a', 2));
      await reopen();
      expect(await outbox()).toEqual(['space b', 'volume v', 'space a']);
      expect(await outbox(1)).toEqual(['space b']);
      const entries = await store.outbox(10);
      expect(entries.map((entry) => entry.sequence)).toEqual([2, 3, 4]);
      expect(JSON.parse(entries[2]?.payload ?? '')).toEqual(observed('a', 2));
      expect(entries[1]?.payload).toBe('{"state":"ready"}');
      expect(await store.observed('a')).toEqual(observed('a', 2));
      expect(await store.record('a')).toEqual(record('a'));
      expect(await store.observed('v')).toBeNull();
    });

    it('drops what the origin has, and not what was observed meanwhile', async () => {
      await store.putObserved(record('a'), observed('a', 1));
      await store.putObserved(record('b'), observed('b', 1));
      await store.putObserved(record('a'), observed('a', 2));
      await store.acknowledge(2);
      expect(await outbox()).toEqual(['space a']);
      await store.acknowledge(3);
      expect(await outbox()).toEqual([]);
      expect(await store.observed('b')).toEqual(observed('b', 1));
    });

    it('never gives a sequence twice, not after all was acknowledged and forgotten', async () => {
      await store.putObserved(record('a'), observed('a', 1));
      await store.acknowledge(1);
      await store.forget('space', 'a');
      await reopen();
      await store.putObserved(record('b'), observed('b', 1));
      expect((await store.outbox(1))[0]?.sequence).toBeGreaterThan(1);
    });

    it('reports everything again to an origin that knows none of it', async () => {
      await store.reportAll();
      for (const id of ['a', 'b', 'c']) await store.putObserved(record(id), observed(id, 1));
      await store.acknowledge(3);
      await store.reportAll();
      const entries = await store.outbox(10);
      expect(entries.map((entry) => entry.id)).toEqual(['a', 'b', 'c']);
      expect(entries.map((entry) => entry.sequence)).toEqual([4, 5, 6]);
    });

    it('forgets one object with all that belongs to it', async () => {
      await store.applyChanges({ upserts: [space('a'), space('b')], deletes: [], position: at(2) });
      for (const id of ['a', 'b']) await store.putObserved(record(id), observed(id, 1));
      await store.forget('space', 'a');
      expect([await store.object('space', 'a'), await store.record('a'), await store.observed('a')]).toEqual([
        null,
        null,
        null,
      ]);
      expect(await outbox()).toEqual(['space b']);
      expect(await texts()).toEqual(['b=b']);
      expect(await store.position()).toEqual(at(2));
    });

    it('keeps all of 1,000 observations that come at once', async () => {
      const ids = Array.from({ length: 1_000 }, (_, index) => `s${index}`);
      await Promise.all(ids.map((id) => store.putObserved(record(id), observed(id, 1))));
      await reopen();
      const entries = await store.outbox(2_000);
      expect(entries.map((entry) => entry.id)).toEqual(ids);
      expect(new Set(entries.map((entry) => entry.sequence)).size).toBe(1_000);
      expect(await store.records()).toHaveLength(1_000);
    });

    it('refuses to work once it is closed', async () => {
      await store.close();
      expect(await codeOf(store.putMeta('a', 'b'))).toBe('store.unavailable');
      expect(await codeOf(store.objects('space'))).toBe('store.unavailable');
    });
  });
}
