import { KnotError } from '@knot/shared/errors';
import { INDEXES, SEARCHED, type Kind, type Page, type PageRequest, type Rows } from '@knot/shared/store';

const MOST = 500;

type Fields = { get(field: string): unknown };
type Cursor = readonly [field: string, descending: boolean, value: string | number, id: string];

/** The page of `rows` that was asked for, as `Store.page` gives it. */
export function pageRows<K extends Kind>(kind: K, rows: readonly Rows[K][], request: PageRequest<K>): Page<Rows[K]> {
  const { limit, search = '' } = request;
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST) throw invalid(`the limit of a page is 1 to ${MOST}`);
  const field: string = request.sort?.field ?? 'id';
  const descending = request.sort?.descending ?? false;
  if (field !== 'id') requireIndexed(kind, field);
  const matches = [...filterOf(kind, request.where), ...(search === '' ? [] : [searchOf(kind, search)])];
  const sign = descending ? -1 : 1;
  const found = rows
    .map((row) => ({ row, fields: fieldsOf(row) }))
    .filter(({ fields }) => matches.every((match) => match(fields)))
    .sort((a, b) => sign * compare([a.fields.get(field), a.row.id], [b.fields.get(field), b.row.id]));
  const cursor = request.after === undefined ? null : parseCursor(request.after, field, descending, rows[0]);
  const rest = cursor
    ? found.filter(({ row, fields }) => sign * compare([fields.get(field), row.id], [cursor[2], cursor[3]]) > 0)
    : found;
  const page = rest.slice(0, limit);
  const last = rest.length > limit ? page.at(-1) : undefined;
  const next = last ? encodeCursor([field, descending, last.fields.get(field) as string, last.row.id]) : null;
  return { rows: page.map(({ row }) => row), next };
}

export function countRows<K extends Kind>(kind: K, rows: readonly Rows[K][], where: PageRequest<K>['where']): number {
  const matches = filterOf(kind, where);
  return rows.filter((row) => matches.every((match) => match(fieldsOf(row)))).length;
}

function fieldsOf(row: object): Fields {
  return { get: (field) => Reflect.get(row, field) };
}

function filterOf(kind: Kind, where: object | undefined): ((fields: Fields) => boolean)[] {
  return Object.entries(where ?? {}).flatMap(([field, value]) => {
    if (value === undefined) return [];
    requireIndexed(kind, field);
    return [(fields: Fields) => fields.get(field) === value];
  });
}

function searchOf(kind: Kind, text: string): (fields: Fields) => boolean {
  const field = new Map<string, string>(Object.entries(SEARCHED)).get(kind);
  if (field === undefined) throw invalid(`a list of ${kind} cannot be searched`);
  const wanted = fold(text);
  return (fields) => fold(String(fields.get(field))).includes(wanted);
}

function fold(text: string): string {
  return text.normalize('NFC').toLowerCase();
}

function requireIndexed(kind: Kind, field: string): void {
  const indexed: readonly string[] = INDEXES[kind];
  if (!indexed.includes(field)) throw invalid(`a list of ${kind} cannot be filtered or sorted by "${field}"`);
}

function compare([a, aId]: readonly [unknown, string], [b, bId]: readonly [unknown, string]): number {
  if (a !== b) return (a as string) < (b as string) ? -1 : 1;
  if (aId === bId) return 0;
  return aId < bId ? -1 : 1;
}

function encodeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(cursor), 'utf8').toString('base64url');
}

function parseCursor(text: string, field: string, descending: boolean, sample: object | undefined): Cursor {
  const [itsField, itsOrder, value, id] = partsOf(text);
  const kindOfValue = sample ? typeof fieldsOf(sample).get(field) : typeof value;
  const sound = itsField === field && itsOrder === descending && typeof id === 'string' && typeof value === kindOfValue;
  if (!sound || (typeof value !== 'string' && typeof value !== 'number')) throw badCursor();
  return [field, descending, value, id];
}

function partsOf(text: string): readonly unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    if (Array.isArray(parts)) return parts.map((part: unknown) => part);
  } catch {
    // Not JSON: none of ours either way.
  }
  throw badCursor();
}

function badCursor(): KnotError {
  return invalid('the cursor does not belong to this list');
}

function invalid(message: string): KnotError {
  return new KnotError('input.invalid', message);
}
