import type { Kind, Rows, Store } from '@knot/shared/store';

const PAGE = 500;

/** Every row of a kind, in pages. */
export async function* eachRow<K extends Kind>(store: Pick<Store, 'page'>, kind: K): AsyncGenerator<Rows[K]> {
  for (let after: string | undefined; ;) {
    const { rows, next } = await store.page(kind, { limit: PAGE, after });
    yield* rows;
    if (next === null) return;
    after = next;
  }
}

/** The same at once, of a kind whose rows are few: thousands, not more. */
export async function everyRow<K extends Kind>(store: Pick<Store, 'page'>, kind: K): Promise<readonly Rows[K][]> {
  const all: Rows[K][] = [];
  for await (const row of eachRow(store, kind)) all.push(row);
  return all;
}
