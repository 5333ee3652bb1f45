import type { Store, UserRow } from '@knot/shared/store';

const PAGE = 500;

/** Every user, in pages. */
export async function* eachUser(store: Store): AsyncGenerator<UserRow> {
  for (let after: string | undefined; ;) {
    const { rows, next } = await store.page('user', { limit: PAGE, after });
    yield* rows;
    if (next === null) return;
    after = next;
  }
}

/** How many users each id of `field` is named by. */
export async function countByUsers(store: Store, field: 'groups' | 'roles'): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for await (const user of eachUser(store)) {
    for (const id of user[field]) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}
