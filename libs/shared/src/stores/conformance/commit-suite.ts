import { describe, expect, it } from 'vitest';
import { retrying } from '../retrying.js';
import { codeOf, EVENTS, MAIN, putting, withStore, writeOf, type StorePlace } from './harness.js';
import { SAMPLE_ROWS } from './sample-rows.js';

/** `atOnce` is a multiple of ten. */
export function describeCommits(makePlace: () => Promise<StorePlace>, atOnce: number): void {
  describe('commits', () => {
    const test = withStore(makePlace);

    it.each([
      ['a put over another version', 'guard', 'there', 2, { put: 'guard', row: SAMPLE_ROWS.guard('there') }],
      ['a put of a new row that is there', 'guard', 'there', 0, { put: 'guard', row: SAMPLE_ROWS.guard('there') }],
      ['a put over a row that is gone', 'guard', 'gone', 1, { put: 'guard', row: SAMPLE_ROWS.guard('gone') }],
      ['a delete of another version', 'guard', 'there', 2, { delete: 'guard', id: 'there' }],
      ['a delete of a row that is gone', 'guard', 'gone', 1, { delete: 'guard', id: 'gone' }],
      ['a read of another version', 'guard', 'there', 2, null],
      ['a read of a row that should not be', 'guard', 'there', 0, null],
      ['a read of a row that is gone', 'guard', 'gone', 1, null],
    ] as const)('refuses %s, and nothing of the commit is left', async (_, kind, id, version, write) => {
      await test.store.commit(putting('guard', 'there'));
      const head = await test.store.head(EVENTS);
      const refused = test.store.commit({
        expect: [{ kind, id, version }],
        unique: [{ claim: 'scope', value: 'v', id: 'a' }],
        writes: [writeOf('secret', SAMPLE_ROWS.secret('s')), ...(write === null ? [] : [write])],
        log: [{ stream: EVENTS, kind, id, op: 'put' }],
      });
      expect(await codeOf(refused)).toBe('store.conflict');
      expect(await test.store.get('secret', 's')).toBeNull();
      expect(await test.store.holder('scope', 'v')).toBeNull();
      expect(await test.store.head(EVENTS)).toEqual(head);
      expect((await test.store.get('guard', 'there'))?.version).toBe(1);
      expect(await test.store.get('guard', 'gone')).toBeNull();
    });

    it('writes where each expectation holds, also those about rows it does not write', async () => {
      await test.store.commit(putting('guard', 'there'));
      await test.store.commit({
        expect: [
          { kind: 'guard', id: 'there', version: 1 },
          { kind: 'guard', id: 'gone', version: 0 },
          { kind: 'secret', id: 's', version: 0 },
        ],
        writes: [writeOf('secret', SAMPLE_ROWS.secret('s'))],
      });
      expect((await test.store.get('secret', 's'))?.version).toBe(1);
    });

    it('overwrites and deletes without an expectation, whatever is there', async () => {
      await test.store.commit(putting('guard', 'x'));
      await test.store.commit(putting('guard', 'x'));
      expect((await test.store.get('guard', 'x'))?.version).toBe(2);
      await test.store.commit({ expect: [], writes: [{ delete: 'guard', id: 'x' }] });
      await test.store.commit({ expect: [], writes: [{ delete: 'guard', id: 'x' }] });
      expect(await test.store.get('guard', 'x')).toBeNull();
    });

    it('refuses a commit that names one row twice', async () => {
      const writes = [writeOf('guard', SAMPLE_ROWS.guard('x')), { delete: 'guard', id: 'x' } as const];
      expect(await codeOf(test.store.commit({ expect: [], writes }))).toBe('internal');
    });

    it('lets exactly one of many commits through that expect the same version', async () => {
      await test.store.commit(putting('guard', 'x'));
      const codes = await Promise.all(
        Array.from({ length: 50 }, () => codeOf(test.store.commit(putting('guard', 'x', 1)))),
      );
      expect(codes.filter((code) => code === 'fulfilled')).toHaveLength(1);
      expect(codes.filter((code) => code === 'store.conflict')).toHaveLength(49);
    });

    it('writes 250 rows of one kind or none of them, and names the one in the way', async () => {
      const all = (prefix: string, version: number | null, touchedAt: number) => {
        const ids = Array.from({ length: 250 }, (_, index) => `${prefix}${index}`);
        return {
          expect: version === null ? [] : ids.map((id) => ({ kind: 'guard', id, version }) as const),
          writes: ids.map((id) => ({ put: 'guard', row: { id, touchedAt } }) as const),
        };
      };
      await test.store.commit(putting('guard', 'a201'));
      await expect(test.store.commit(all('a', 0, 1))).rejects.toMatchObject({
        code: 'store.conflict',
        message: expect.stringContaining('the guard a201 was changed'),
      });
      expect(await test.store.count('guard', {})).toBe(1);
      await test.store.commit(all('a', null, 2));
      await test.store.commit(all('b', 0, 2));
      expect(await codeOf(test.store.commit(all('a', 1, 3)))).toBe('store.conflict');
      expect((await test.store.get('guard', 'a7'))?.touchedAt).toBe(2);
      await test.store.commit(all('b', 1, 3));
      const [first, last] = await test.store.getMany('guard', ['b0', 'b249']);
      expect([first, last].map((row) => [row?.version, row?.touchedAt])).toEqual(Array(2).fill([2, 3]));
      expect(await test.store.count('guard', {})).toBe(500);
    });

    it(`keeps all of ${atOnce} commits at once but the tenth of them that is refused`, async () => {
      await test.store.commit(putting('secret', 'there'));
      const codes = await Promise.all(
        Array.from({ length: atOnce }, (_, index) => {
          const bad = index % 10 === 3;
          const writes = [writeOf('guard', SAMPLE_ROWS.guard(`g${index}`))];
          const commit = { expect: bad ? [{ kind: 'secret', id: 'there', version: 9 } as const] : [], writes };
          return codeOf(test.store.commit(commit));
        }),
      );
      expect(codes.filter((code) => code === 'fulfilled')).toHaveLength(atOnce * 0.9);
      expect(await test.store.count('guard', {})).toBe(atOnce * 0.9);
      expect(await test.store.get('guard', 'g3')).toBeNull();
    });

    it('counts right when 16 writers raise one number through retrying', async () => {
      const raise = (): Promise<unknown> =>
        retrying(
          test.store,
          async () => {
            const row = await test.store.get('guard', 'sum');
            const touchedAt = (row?.touchedAt ?? 0) + 1;
            const expect = [{ kind: 'guard', id: 'sum', version: row?.version ?? 0 }] as const;
            return { commit: { expect, writes: [writeOf('guard', { id: 'sum', touchedAt })] }, result: touchedAt };
          },
          { attempts: 500 },
        );
      await Promise.all(
        Array.from({ length: 16 }, async () => {
          for (let turn = 0; turn < 10; turn += 1) await raise();
        }),
      );
      expect((await test.store.get('guard', 'sum'))?.touchedAt).toBe(160);
    });

    it('tells listeners which streams were written to, until they leave, and stands by a commit they fail at', async () => {
      const heard: string[][] = [];
      const leave = test.store.onCommit((streams) => heard.push([...streams].sort()));
      const leaveFaulty = test.store.onCommit(() => {
        throw new Error('a fault in a listener of the conformance suite');
      });
      await test.store.commit(putting('guard', 'x', 0, [MAIN, EVENTS]));
      leaveFaulty();
      await test.store.commit(putting('guard', 'y'));
      await codeOf(test.store.commit(putting('guard', 'x', 0, [EVENTS])));
      leave();
      await test.store.commit(putting('guard', 'x', 1, [EVENTS]));
      expect(heard).toEqual([[EVENTS, MAIN]]);
    });
  });

  describe('unique claims', () => {
    const test = withStore(makePlace);
    const claim = (value: string, id: string) => ({ claim: 'name', value, id });
    const release = (value: string, id: string) => ({ release: 'name', value, id });

    it('belong to one id, and whoever asks for one that is taken is told which', async () => {
      await test.store.commit({ expect: [], writes: [], unique: [claim('a', '1')] });
      await test.store.commit({ expect: [], writes: [], unique: [claim('a', '1')] });
      const taken = test.store.commit({ ...putting('guard', 'x'), unique: [claim('a', '2')] });
      await expect(taken).rejects.toMatchObject({ code: 'resource.exists', details: { scope: 'name', value: 'a' } });
      expect(await test.store.holder('name', 'a')).toBe('1');
      expect(await test.store.holder('other scope', 'a')).toBeNull();
      expect(await test.store.get('guard', 'x')).toBeNull();
    });

    it('pass from one to another by release and claim, and swap in one commit', async () => {
      await test.store.commit({ expect: [], writes: [], unique: [claim('a', '1'), claim('b', '2')] });
      const swap = [release('a', '1'), claim('b', '1'), release('b', '2'), claim('a', '2')];
      await test.store.commit({ expect: [], writes: [], unique: swap });
      expect([await test.store.holder('name', 'a'), await test.store.holder('name', 'b')]).toEqual(['2', '1']);
      await test.store.commit({ expect: [], writes: [], unique: [release('a', '2'), release('never', '2')] });
      expect(await test.store.holder('name', 'a')).toBeNull();
    });

    it('cannot be released by somebody else', async () => {
      await test.store.commit({ expect: [], writes: [], unique: [claim('a', '1')] });
      const foreign = test.store.commit({ ...putting('guard', 'x'), unique: [release('a', '2')] });
      expect(await codeOf(foreign)).toBe('store.conflict');
      expect(await test.store.holder('name', 'a')).toBe('1');
      expect(await test.store.get('guard', 'x')).toBeNull();
    });

    it('tell values apart that differ only in case, accents or trailing blanks', async () => {
      const values = ['ada', 'Ada', 'ada ', 'ädä', 'a\u0308da\u0308'];
      const unique = values.map((value, index) => claim(value, String(index)));
      await test.store.commit({ expect: [], writes: [], unique });
      expect(await Promise.all(values.map((value) => test.store.holder('name', value)))).toEqual([
        '0',
        '1',
        '2',
        '3',
        '4',
      ]);
    });

    it('go to one of many who ask at once', async () => {
      const codes = await Promise.all(
        Array.from({ length: 30 }, (_, index) =>
          codeOf(test.store.commit({ expect: [], writes: [], unique: [claim('a', String(index))] })),
        ),
      );
      expect(codes.filter((code) => code === 'fulfilled')).toHaveLength(1);
      expect(codes.filter((code) => code === 'resource.exists')).toHaveLength(29);
    });
  });
}
