import { KnotError } from '../errors/index.js';
import type { Kind } from './rows.js';
import { INDEXES, SEARCHED } from './store.js';

/** `PageRequest` of any kind, as it may come from a careless caller: checked here. */
export interface AnyPageRequest {
  readonly where?: Readonly<Partial<Record<string, string | number | boolean>>>;
  readonly search?: string;
  readonly sort?: { readonly field: string; readonly descending?: boolean };
  readonly after?: string;
  readonly limit: number;
}

export interface PageOrder {
  readonly field: string;
  readonly descending: boolean;
}

/** Where a page begins: behind the row with this value of the sort field and this id. */
export interface PagePlace {
  readonly value: string | number;
  readonly id: string;
}

const PAGE_LIMIT = 500;

/** What `search` compares. */
export function fold(text: string): string {
  return text.normalize('NFC').toLowerCase();
}

/** The order that a request asks for. Throws `input.invalid` for a request that no store answers. */
export function orderOfRequest(kind: Kind, request: AnyPageRequest): PageOrder {
  if (!Number.isInteger(request.limit) || request.limit < 1 || request.limit > PAGE_LIMIT) {
    throw invalid(`the limit of a page is 1 to ${PAGE_LIMIT}`);
  }
  const order = { field: request.sort?.field ?? 'id', descending: request.sort?.descending ?? false };
  if (order.field !== 'id') requireIndexed(kind, order.field);
  if (request.search !== undefined && request.search !== '') requireSearched(kind);
  return order;
}

/** The fields to filter by, each with its value. Throws `input.invalid` for one without an index. */
export function filtersOf(
  kind: Kind,
  where: AnyPageRequest['where'],
): (readonly [string, string | number | boolean])[] {
  return Object.entries(where ?? {}).flatMap(([field, value]) => {
    if (value === undefined) return [];
    requireIndexed(kind, field);
    return [[field, value] as const];
  });
}

function requireIndexed(kind: Kind, field: string): void {
  const indexed: readonly string[] = INDEXES[kind];
  if (indexed.includes(field)) return;
  const hint = indexed.length > 0 ? `Use one of ${indexed.join(', ')}.` : '';
  throw invalid(`a list of ${kind} cannot be filtered or sorted by "${field}"`, hint);
}

function requireSearched(kind: Kind): void {
  const searched: Partial<Record<Kind, string>> = SEARCHED;
  if (searched[kind] === undefined) throw invalid(`a list of ${kind} cannot be searched`);
}

/** The cursor of the page that begins behind this value of the sort field and this id; id '' sorts before every other. */
export function encodeCursor(order: PageOrder, value: unknown, id: unknown): string {
  const text = JSON.stringify([order.field, order.descending, value, id]);
  return Buffer.from(text, 'utf8').toString('base64url');
}

/** `comparable` is how values of the sort field are compared. Throws `input.invalid` for a cursor of another list. */
export function decodeCursor(order: PageOrder, comparable: 'string' | 'number' | null, cursor: string): PagePlace {
  const [field, descending, value, id] = parseCursor(Buffer.from(cursor, 'base64url').toString('utf8'));
  if (field !== order.field || descending !== order.descending || typeof id !== 'string') throw badCursor();
  if (typeof value !== 'string' && typeof value !== 'number') throw badCursor();
  if (typeof value !== comparable) throw badCursor();
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
  return invalid('the cursor does not belong to this list', 'Begin with the first page again.');
}

function invalid(message: string, hint = ''): KnotError {
  return new KnotError('input.invalid', message, hint);
}
