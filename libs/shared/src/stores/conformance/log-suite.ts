import { describe, expect, it } from 'vitest';
import { retrying } from '../retrying.js';
import type { LogEntry, Position, Store } from '../store.js';
import { codeOf, EVENTS, MAIN, putting, withStore, writeOf, type StorePlace } from './harness.js';
import { SAMPLE_ROWS } from './sample-rows.js';

const WRITERS = 32;

export function describeLog(makePlace: () => Promise<StorePlace>, commitsPerWriter: number): void {
  describe('revision log', () => {
    const test = withStore(makePlace);

    it('begins at revision 0 and gives each entry of a commit the next one', async () => {
      const start = await test.store.head(EVENTS);
      expect(start).toMatchObject({ rev: 0, nonce: '' });
      expect(await test.store.log(EVENTS, start, 10)).toEqual([]);
      const { heads } = await test.store.commit({
        expect: [],
        writes: [writeOf('guard', SAMPLE_ROWS.guard('x'))],
        log: [
          { stream: EVENTS, kind: 'guard', id: 'x', op: 'put' },
          { stream: MAIN, kind: 'guard', id: 'x', op: 'put' },
          { stream: EVENTS, kind: 'space', id: 's', op: 'delete' },
        ],
      });
      expect(heads).toEqual({ [EVENTS]: await test.store.head(EVENTS), [MAIN]: await test.store.head(MAIN) });
      expect([heads[EVENTS]?.rev, heads[MAIN]?.rev]).toEqual([2, 1]);
      const nonce = heads[EVENTS]?.nonce;
      expect(await test.store.log(EVENTS, start, 10)).toEqual([
        { rev: 1, nonce, kind: 'guard', id: 'x', op: 'put' },
        { rev: 2, nonce, kind: 'space', id: 's', op: 'delete' },
      ]);
      const second = await test.store.commit(putting('guard', 'x', 1, [EVENTS]));
      expect(second.heads[EVENTS]).toMatchObject({ rev: 3, epoch: start.epoch });
      expect(second.heads[EVENTS]?.nonce).not.toBe(nonce);
    });

    it('is read in parts', async () => {
      const start = await test.store.head(EVENTS);
      for (let index = 0; index < 5; index += 1) await test.store.commit(putting('guard', `${index}`, 0, [EVENTS]));
      const first = await test.store.log(EVENTS, start, 2);
      expect(first.map((entry) => entry.id)).toEqual(['0', '1']);
      const rest = await test.store.log(EVENTS, positionOf(start, first), 10);
      expect(rest.map((entry) => entry.id)).toEqual(['2', '3', '4']);
      expect(await test.store.log(EVENTS, await test.store.head(EVENTS), 10)).toEqual([]);
    });

    it(`shows a follower each of ${WRITERS * commitsPerWriter} commits of ${WRITERS} writers, once`, async () => {
      const start = await test.store.head(MAIN);
      let done = false;
      const follow = followUntil(test.store, start, () => done);
      await Promise.all(
        Array.from({ length: WRITERS }, async (_, writer) => {
          for (let turn = 0; turn < commitsPerWriter; turn += 1) {
            await test.store.commit(putting('guard', `${writer}/${turn}`, 0, turn % 2 === 0 ? [EVENTS, MAIN] : [MAIN]));
          }
        }),
      );
      done = true;
      const seen = await follow;
      expect(new Set(seen.map((entry) => entry.id)).size).toBe(WRITERS * commitsPerWriter);
      expect(seen.map((entry) => entry.rev)).toEqual(seen.map((_, index) => index + 1));
    });

    it('stands in the order of the commits', async () => {
      const start = await test.store.head(EVENTS);
      await Promise.all(Array.from({ length: 60 }, () => raiseAndLog(test.store)));
      const entries = await test.store.log(EVENTS, start, 100);
      expect(entries.map((entry) => entry.id)).toEqual(Array.from({ length: 60 }, (_, index) => `sum-${index + 1}`));
    });

    it('sends readers of another epoch, another history, or from ahead of the head to list again', async () => {
      for (const id of ['a', 'b', 'c']) await test.store.commit(putting('guard', id, 0, [EVENTS]));
      const head = await test.store.head(EVENTS);
      const read = (change: Partial<Position>): Promise<string> =>
        codeOf(test.store.log(EVENTS, { ...head, ...change }, 10));
      expect(await read({})).toBe('fulfilled');
      expect(await read({ epoch: 'another' })).toBe('sync.relist');
      expect(await read({ nonce: 'another' })).toBe('sync.relist');
      expect(await read({ rev: 2 })).toBe('sync.relist');
      expect(await read({ rev: 0 })).toBe('sync.relist');
      expect(await read({ rev: 4 })).toBe('sync.relist');
      expect(await read({ rev: -1 })).toBe('sync.relist');
      await test.store.newEpoch();
      expect(await read({})).toBe('sync.relist');
      expect((await test.store.head(EVENTS)).epoch).not.toBe(head.epoch);
    });

    it('forgets what it is told to, and knows who is behind that', async () => {
      const positions = [await test.store.head(EVENTS)];
      for (let index = 0; index < 6; index += 1) {
        await test.store.commit(putting('guard', `${index}`, 0, [EVENTS]));
        positions.push(await test.store.head(EVENTS));
      }
      await test.store.compact(EVENTS, 3);
      const codes = await Promise.all(positions.map((position) => codeOf(test.store.log(EVENTS, position, 10))));
      expect(codes).toEqual([...Array(3).fill('sync.relist'), ...Array(4).fill('fulfilled')]);
      const [, , , third] = positions;
      expect(third).toMatchObject({ rev: 3 });
      if (third === undefined) return;
      expect((await test.store.log(EVENTS, third, 10)).map((entry) => entry.rev)).toEqual([4, 5, 6]);
      expect(await codeOf(test.store.log(EVENTS, { ...third, nonce: 'x' }, 10))).toBe('sync.relist');
    });

    it('may be forgotten up to its head and beyond, and goes on from there', async () => {
      for (let index = 0; index < 4; index += 1) await test.store.commit(putting('guard', `${index}`, 0, [EVENTS]));
      const head = await test.store.head(EVENTS);
      await test.store.compact(EVENTS, 1_000);
      await test.store.compact(EVENTS, 2);
      await test.store.compact(MAIN, 5);
      expect(await test.store.head(EVENTS)).toEqual(head);
      expect(await test.store.log(EVENTS, head, 10)).toEqual([]);
      await test.store.commit(putting('guard', 'next', 0, [EVENTS]));
      expect((await test.store.log(EVENTS, head, 10)).map((entry) => [entry.rev, entry.id])).toEqual([[5, 'next']]);
    });
  });
}

function positionOf(start: Position, entries: readonly LogEntry[]): Position {
  const last = entries.at(-1);
  return last === undefined ? start : { epoch: start.epoch, rev: last.rev, nonce: last.nonce };
}

/** Follows until `finished` was true before a read that found nothing more. */
async function followUntil(store: Store, start: Position, finished: () => boolean): Promise<LogEntry[]> {
  const seen: LogEntry[] = [];
  for (;;) {
    const last = finished();
    const entries = await store.log(MAIN, positionOf(start, seen), 100);
    seen.push(...entries);
    if (last && entries.length === 0) return seen;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function raiseAndLog(store: Store): Promise<void> {
  const decide = async () => {
    const row = await store.get('guard', 'sum');
    const touchedAt = (row?.touchedAt ?? 0) + 1;
    const commit = {
      expect: [{ kind: 'guard', id: 'sum', version: row?.version ?? 0 } as const],
      writes: [writeOf('guard', { id: 'sum', touchedAt })],
      log: [{ stream: EVENTS, kind: 'guard', id: `sum-${touchedAt}`, op: 'put' } as const],
    };
    return { commit, result: null };
  };
  await retrying(store, decide, { attempts: 500 });
}
