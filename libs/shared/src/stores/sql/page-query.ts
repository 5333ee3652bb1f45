import { KnotError } from '../../errors/index.js';
import type { Kind } from '../rows.js';
import { INDEXES, SEARCHED } from '../store.js';
import type { SqlValue } from './node-sqlite.js';
import type { RowCodec } from './row-codec.js';

/** `PageRequest` of any kind, as it may come from a careless caller: checked here. */
export interface AnyPageRequest {
  readonly where?: Readonly<Partial<Record<string, string | number | boolean>>>;
  readonly search?: string;
  readonly sort?: { readonly field: string; readonly descending?: boolean };
  readonly after?: string;
  readonly limit: number;
}

export interface PageQuery {
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
  /** The cursor of the page that follows a row. */
  readonly cursorAfter: (row: Readonly<Record<string, unknown>>) => string;
}

type Order = { readonly field: string; readonly descending: boolean };

export const PAGE_LIMIT = 500;

/** Rows after the cursor by (sort field, id); asks for one row more than `limit`, to see whether a page follows. */
export function pageQuery<K extends Kind>(table: RowCodec<K>, request: AnyPageRequest): PageQuery {
  if (!Number.isInteger(request.limit) || request.limit < 1 || request.limit > PAGE_LIMIT) {
    throw invalid(`the limit of a page is 1 to ${PAGE_LIMIT}`);
  }
  const order = { field: request.sort?.field ?? 'id', descending: request.sort?.descending ?? false };
  if (order.field !== 'id') requireIndexed(table.kind, order.field);
  const where = conditions(table, request.where);
  if (request.search !== undefined && request.search !== '') where.push(search(table, request.search));
  if (request.after !== undefined) where.push(afterCursor(table, order, request.after));
  const direction = order.descending ? 'DESC' : 'ASC';
  const by = order.field === 'id' ? `"id" ${direction}` : `"${order.field}" ${direction}, "id" ${direction}`;
  return {
    sql: `SELECT * FROM ${table.table}${whereClause(where)} ORDER BY ${by} LIMIT ?`,
    parameters: [...where.flatMap((part) => part.parameters), request.limit + 1],
    cursorAfter: (row) => encodeCursor(order, row[order.field], row['id']),
  };
}

export function countQuery<K extends Kind>(
  table: RowCodec<K>,
  where: AnyPageRequest['where'],
): { sql: string; parameters: readonly SqlValue[] } {
  const parts = conditions(table, where);
  return {
    sql: `SELECT count(*) AS "count" FROM ${table.table}${whereClause(parts)}`,
    parameters: parts.flatMap((part) => part.parameters),
  };
}

interface Part {
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
}

function whereClause(parts: readonly Part[]): string {
  return parts.length === 0 ? '' : ` WHERE ${parts.map((part) => part.sql).join(' AND ')}`;
}

function conditions<K extends Kind>(table: RowCodec<K>, where: AnyPageRequest['where']): Part[] {
  const parts: Part[] = [];
  for (const [field, value] of Object.entries(where ?? {})) {
    if (value === undefined) continue;
    requireIndexed(table.kind, field);
    // A plus takes the index of a field out of the choice: without statistics SQLite would as soon read all that runs
    // as all of one owner.
    const column = parts.length === 0 ? `"${field}"` : `+"${field}"`;
    parts.push({ sql: `${column} = ?`, parameters: [typeof value === 'boolean' ? Number(value) : value] });
  }
  return parts;
}

function requireIndexed(kind: Kind, field: string): void {
  const indexed: readonly string[] = INDEXES[kind];
  if (indexed.includes(field)) return;
  throw invalid(`a list of ${kind} cannot be filtered or sorted by "${field}"`, indexed);
}

function search<K extends Kind>({ kind, dialect }: RowCodec<K>, text: string): Part {
  const searched: Partial<Record<Kind, string>> = SEARCHED;
  const field = searched[kind];
  if (field === undefined) throw invalid(`a list of ${kind} cannot be searched`);
  return { sql: `instr(${dialect.folded(`"${field}"`)}, ?) > 0`, parameters: [fold(text)] };
}

/** What `search` compares. */
export function fold(text: string): string {
  return text.normalize('NFC').toLowerCase();
}

function afterCursor<K extends Kind>(table: RowCodec<K>, order: Order, cursor: string): Part {
  const { value, id } = decodeCursor(table, order, cursor);
  const comparison = order.descending ? '<' : '>';
  if (order.field === 'id') return { sql: `"id" ${comparison} ?`, parameters: [id] };
  const after = table.dialect.after(`"${order.field}"`, comparison);
  return { sql: after.sql, parameters: after.values.map((what) => (what === 'id' ? id : value)) };
}

function encodeCursor(order: Order, value: unknown, id: unknown): string {
  const text = JSON.stringify([order.field, order.descending, value, id]);
  return Buffer.from(text, 'utf8').toString('base64url');
}

function decodeCursor<K extends Kind>(
  table: RowCodec<K>,
  order: Order,
  cursor: string,
): { value: SqlValue; id: string } {
  const [field, descending, value, id] = parseCursor(Buffer.from(cursor, 'base64url').toString('utf8'));
  if (field !== order.field || descending !== order.descending || typeof id !== 'string') throw badCursor();
  if (typeof value !== 'string' && typeof value !== 'number') throw badCursor();
  if (typeof value !== table.comparable(order.field)) throw badCursor();
  return { value, id };
}

function parseCursor(text: string): readonly unknown[] {
  try {
    const parts: unknown = JSON.parse(text);
    if (Array.isArray(parts)) return parts.map((part: unknown) => part);
  } catch {
    // Not JSON: it is none of ours either way.
  }
  throw badCursor();
}

function badCursor(): KnotError {
  return invalid('the cursor does not belong to this list', [], 'Begin with the first page again.');
}

function invalid(message: string, allowed: readonly string[] = [], hint?: string): KnotError {
  return new KnotError(
    'input.invalid',
    message,
    hint ?? (allowed.length > 0 ? `Use one of ${allowed.join(', ')}.` : ''),
  );
}
