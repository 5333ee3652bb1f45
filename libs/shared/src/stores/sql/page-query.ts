import type { Kind } from '../rows.js';
import { SEARCHED } from '../store.js';
import {
  decodeCursor,
  encodeCursor,
  filtersOf,
  fold,
  orderOfRequest,
  type AnyPageRequest,
  type PageOrder,
} from '../page-request.js';
import type { SqlValue } from './node-sqlite.js';
import type { RowCodec } from './row-codec.js';

export interface PageQuery {
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
  /** The cursor of the page that follows a row. */
  readonly cursorAfter: (row: Readonly<Record<string, unknown>>) => string;
}

/** Rows after the cursor by (sort field, id); asks for one row more than `limit`, to see whether a page follows. */
export function pageQuery<K extends Kind>(table: RowCodec<K>, request: AnyPageRequest): PageQuery {
  const order = orderOfRequest(table.kind, request);
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
  return filtersOf(table.kind, where).map(([field, value], at) => {
    // A plus takes the index of a field out of the choice: without statistics SQLite would as soon read all that runs
    // as all of one owner.
    const column = at === 0 ? `"${field}"` : `+"${field}"`;
    return { sql: `${column} = ?`, parameters: [typeof value === 'boolean' ? Number(value) : value] };
  });
}

function search<K extends Kind>({ kind, dialect }: RowCodec<K>, text: string): Part {
  const searched: Partial<Record<Kind, string>> = SEARCHED;
  return { sql: `instr(${dialect.folded(`"${searched[kind]}"`)}, ?) > 0`, parameters: [fold(text)] };
}

function afterCursor<K extends Kind>(table: RowCodec<K>, order: PageOrder, cursor: string): Part {
  const { value, id } = decodeCursor(order, table.comparable(order.field), cursor);
  const comparison = order.descending ? '<' : '>';
  if (order.field === 'id') return { sql: `"id" ${comparison} ?`, parameters: [id] };
  const after = table.dialect.after(`"${order.field}"`, comparison);
  return { sql: after.sql, parameters: after.values.map((what) => (what === 'id' ? id : value)) };
}
