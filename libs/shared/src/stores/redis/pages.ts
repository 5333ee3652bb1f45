import type { Kind, Rows } from '../rows.js';
import type { Page } from '../store.js';
import { decodeCursor, encodeCursor, filtersOf, fold, orderOfRequest, type AnyPageRequest } from '../page-request.js';
import { memberOf } from './order.js';
import { COUNT, PAGE } from './read-scripts.js';
import { partsOf, textsOf } from './parse-reply.js';
import type { RowCodec } from './row-codec.js';

type RunScript = (text: string, ...args: readonly string[]) => Promise<unknown>;

/** Rows after the cursor by (sort field, id); asks for one row more than `limit`, to see whether a page follows. */
export async function readPage<K extends Kind>(
  run: RunScript,
  codec: RowCodec<K>,
  request: AnyPageRequest,
): Promise<Page<Rows[K]>> {
  const order = orderOfRequest(codec.kind, request);
  const wanted = request.limit + 1;
  const plan = {
    kind: codec.kind,
    sort: order.field,
    descending: order.descending,
    where: placesOf(codec, request.where),
    search: fold(request.search ?? ''),
    after: '',
  };
  if (request.after !== undefined) {
    const { value, id } = decodeCursor(order, codec.comparable(order.field), request.after);
    plan.after = order.field === 'id' ? id : memberOf(codec.order(order.field, value), id);
  }
  const rows: Rows[K][] = [];
  for (let from = ''; ;) {
    const [goOn = '', ...found] = textsOf(
      await run(PAGE, JSON.stringify({ ...plan, from, limit: wanted - rows.length })),
    );
    for (const [, row = ''] of partsOf(found, 2)) rows.push(codec.decode(row));
    if (goOn === '' || rows.length >= wanted) break;
    from = goOn;
  }
  const last = rows.length > request.limit ? rows[request.limit - 1] : undefined;
  const page = rows.slice(0, request.limit);
  if (last === undefined) return { rows: page, next: null };
  const value = new Map<string, unknown>(Object.entries(last)).get(order.field);
  return { rows: page, next: encodeCursor(order, typeof value === 'boolean' ? Number(value) : value, last.id) };
}

export async function countRows<K extends Kind>(
  run: RunScript,
  codec: RowCodec<K>,
  where: AnyPageRequest['where'],
): Promise<number> {
  const plan = { kind: codec.kind, where: placesOf(codec, where), search: '' };
  let total = 0;
  for (let from = '', by = ''; ;) {
    const [count, goOn = '', along = ''] = textsOf(await run(COUNT, JSON.stringify({ ...plan, from, by })));
    total += Number(count);
    if (goOn === '') return total;
    [from, by] = [goOn, along];
  }
}

function placesOf<K extends Kind>(codec: RowCodec<K>, where: AnyPageRequest['where']): [string, string][] {
  return filtersOf(codec.kind, where).map(([field, value]) => [field, codec.order(field, value)]);
}
