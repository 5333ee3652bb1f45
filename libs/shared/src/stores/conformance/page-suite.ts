import { describe, expect, it } from 'vitest';
import type { Kind } from '../rows.js';
import { encodeCursor } from '../page-request.js';
import { INDEXES, SEARCHED, type NewRow, type PageRequest, type Store } from '../store.js';
import { codeOf, withStore, writeOf, type StorePlace } from './harness.js';
import { KINDS, SAMPLE_ROWS, sampleRow } from './sample-rows.js';

/** The port's page with a field that is known at run time only. */
interface AnyPage {
  readonly where?: Readonly<Record<string, unknown>>;
  readonly search?: string;
  readonly sort?: { readonly field: string; readonly descending?: boolean };
  readonly after?: string;
  readonly limit: number;
}

interface AnyRow {
  readonly id: string;
  readonly value: string | number;
}

const CASES = KINDS.flatMap((kind) =>
  ['id', ...INDEXES[kind]].flatMap((field) => [false, true].map((descending) => ({ kind, field, descending }))),
);
const ROWS = 24;

export function describePages(makePlace: () => Promise<StorePlace>): void {
  describe('pages', () => {
    const test = withStore(makePlace);

    it.each(CASES)(
      'of $kind by $field, descending $descending, hold each row that stays once, in order',
      async (one) => {
        const { kind, field, descending } = one;
        await fill(test.store, kind, field);
        const sort = field === 'id' ? undefined : { field, descending };
        const seen: AnyRow[] = [];
        let after: string | undefined;
        for (let turn = 0; ; turn += 1) {
          const page = await readPage(test.store, kind, { sort, after, limit: 5 });
          seen.push(...page.rows.map((row) => toAny(row, field)));
          if (page.next === null) break;
          expect(page.rows).toHaveLength(5);
          after = page.next;
          await disturb(test.store, kind, field, turn);
        }
        const kept = seen.filter((row) => row.id.startsWith('keep'));
        expect(kept.map((row) => row.id).sort()).toEqual(Array.from({ length: ROWS / 2 }, (_, n) => keptId(n)).sort());
        expect(seen).toEqual([...seen].sort((a, b) => compare(a, b) * (descending && field !== 'id' ? -1 : 1)));
        expect(new Set(seen.map((row) => row.id)).size).toBe(seen.length);
      },
    );

    it.each(KINDS.filter((kind) => INDEXES[kind].length > 0))('of %s are filtered by each index', async (kind) => {
      for (const field of INDEXES[kind]) {
        await fill(test.store, kind, field);
        const value = variant(kind, field, 1);
        const page = await readPage(test.store, kind, { where: { [field]: value }, limit: 500 });
        expect(page.rows.length).toBeGreaterThan(0);
        expect(page.rows.every((row) => toAny(row, field).value === value)).toBe(true);
        expect(await countOf(test.store, kind, { [field]: value })).toBe(page.rows.length);
        expect(await countOf(test.store, kind, { [field]: variant(kind, field, 99) })).toBe(0);
      }
    });

    it('begin at a value that no row need have', async () => {
      const writes = [10, 20, 20, 30].map((at, n) => writeOf('audit', sampleRow('audit', `a${n}`, { at })));
      await test.store.commit({ expect: [], writes });
      const begin = async (at: number, descending: boolean) => {
        const after = encodeCursor({ field: 'at', descending }, at, '');
        const { rows } = await test.store.page('audit', { sort: { field: 'at', descending }, after, limit: 10 });
        return rows.map((row) => row.at);
      };
      expect([await begin(20, true), await begin(25, true)]).toEqual([[10], [20, 20, 10]]);
      expect([await begin(20, false), await begin(25, false)]).toEqual([[20, 20, 30], [30]]);
    });

    it('are filtered by several fields, sorted by another and searched at once', async () => {
      const spaces = [
        ['1', 'Alpha one', 'u1', 'main'],
        ['2', 'alpha two', 'u1', 'main'],
        ['3', 'beta', 'u1', 'main'],
        ['4', 'ALPHA', 'u2', 'main'],
        ['5', 'alpha', 'u1', 'edge'],
      ] as const;
      const writes = spaces.map(([id, name, ownerId, location]) =>
        writeOf('space', sampleRow('space', id, { name, ownerId, location })),
      );
      await test.store.commit({ expect: [], writes });
      const request = { where: { ownerId: 'u1', location: 'main' }, search: 'ALPHA', sort: { field: 'name' } as const };
      const first = await test.store.page('space', { ...request, limit: 1 });
      const second = await test.store.page('space', { ...request, limit: 1, after: first.next ?? '' });
      expect([...first.rows, ...second.rows].map((row) => row.name)).toEqual(['Alpha one', 'alpha two']);
      expect(second.next).toBeNull();
      expect(await test.store.count('space', { ownerId: 'u1' })).toBe(4);
      expect(await test.store.count('space', undefined)).toBe(5);
    });

    it.each(Object.keys(SEARCHED) as (keyof typeof SEARCHED)[])('of %s find any part of a name', async (kind) => {
      const names = ['Straße_1', 'straßeX1', '100%', '100 percent', 'ÉCLAIR', 'back\\slash', "o'neill"];
      const writes = names.map((name) => writeOf(kind, { ...SAMPLE_ROWS[kind](name), [SEARCHED[kind]]: name }));
      await test.store.commit({ expect: [], writes });
      const find = async (search: string): Promise<string[]> =>
        (await readPage(test.store, kind, { search, limit: 50 })).rows.map((row) => row.id).sort();
      expect(await find('STRASSE')).toEqual([]);
      expect(await find('STRAßE')).toEqual(['Straße_1', 'straßeX1']);
      expect(await find('e_1')).toEqual(['Straße_1']);
      expect(await find('0%')).toEqual(['100%']);
      expect(await find('éclair')).toEqual(['ÉCLAIR']);
      expect(await find('K\\S')).toEqual(['back\\slash']);
      expect(await find("O'N")).toEqual(["o'neill"]);
      expect(await find('')).toHaveLength(names.length);
    });

    it('refuse a cursor that is broken or of another list', async () => {
      await fill(test.store, 'space', 'name');
      const byName = (await readPage(test.store, 'space', { sort: { field: 'name' }, limit: 2 })).next ?? '';
      const with_ = (request: AnyPage): Promise<string> => codeOf(readPage(test.store, 'space', request));
      expect(await with_({ sort: { field: 'name' }, limit: 2, after: byName })).toBe('fulfilled');
      expect(await with_({ sort: { field: 'name', descending: true }, limit: 2, after: byName })).toBe('input.invalid');
      expect(await with_({ sort: { field: 'createdAt' }, limit: 2, after: byName })).toBe('input.invalid');
      expect(await with_({ limit: 2, after: byName })).toBe('input.invalid');
      for (const after of ['', 'x', '!!', byName.slice(0, -3), Buffer.from('[1,2]').toString('base64url')]) {
        expect(await with_({ sort: { field: 'name' }, limit: 2, after })).toBe('input.invalid');
      }
    });

    it('refuse fields without an index, limits out of range, and a search where there is none', async () => {
      const with_ = (kind: Kind, request: AnyPage): Promise<string> => codeOf(readPage(test.store, kind, request));
      expect(await with_('space', { where: { description: '' }, limit: 1 })).toBe('input.invalid');
      expect(await with_('space', { where: { 'name" = "x" OR "name': '' }, limit: 1 })).toBe('input.invalid');
      expect(await with_('space', { sort: { field: 'wishedAt' }, limit: 1 })).toBe('input.invalid');
      expect(await with_('guard', { search: 'x', limit: 1 })).toBe('input.invalid');
      for (const limit of [0, 501, 1.5, Number.NaN]) expect(await with_('space', { limit })).toBe('input.invalid');
    });
  });
}

const keptId = (n: number): string => `keep-${String(n).padStart(3, '0')}`;

/** Half the rows stay, half of them are there to be deleted and moved; values repeat so that ids must break ties. */
async function fill(store: Store, kind: Kind, field: string): Promise<void> {
  const ids = Array.from({ length: ROWS }, (_, n) => (n % 2 === 0 ? keptId(n / 2) : `move-${n}`));
  const writes = ids.map((id, n) => writeOf(kind, variantRow(kind, id, field, n % 5)));
  await store.commit({ expect: [], writes });
}

async function disturb(store: Store, kind: Kind, field: string, turn: number): Promise<void> {
  await store.commit({
    expect: [],
    writes: [
      { delete: kind, id: `move-${turn * 2 + 1}` },
      writeOf(kind, variantRow(kind, `new-${turn}`, field, turn)),
      writeOf(kind, variantRow(kind, `a-new-${turn}`, field, 4 - turn)),
    ],
  });
}

function variantRow(kind: Kind, id: string, field: string, n: number): NewRow<Kind> {
  const row = SAMPLE_ROWS[kind](id);
  return field === 'id' ? row : { ...row, [field]: variant(kind, field, n) };
}

/** Different values of a field in no alphabetical trap: capitals sort before small letters in every store. */
function variant(kind: Kind, field: string, n: number): string | number {
  const sample = new Map<string, unknown>(Object.entries(SAMPLE_ROWS[kind]('x'))).get(field);
  return typeof sample === 'number' ? 1_000 + n : `${'bBaAcC'.charAt(n % 6)}-${n}`;
}

function toAny(row: object, field: string): AnyRow {
  const fields = new Map<string, unknown>(Object.entries(row));
  return { id: String(fields.get('id')), value: fields.get(field) as string | number };
}

function compare(a: AnyRow, b: AnyRow): number {
  if (a.value !== b.value) return a.value < b.value ? -1 : 1;
  return a.id < b.id ? -1 : Number(a.id > b.id);
}

function readPage(store: Store, kind: Kind, request: AnyPage) {
  return store.page(kind, request as PageRequest<Kind>);
}

function countOf(store: Store, kind: Kind, where: Record<string, unknown>): Promise<number> {
  return store.count(kind, where);
}
