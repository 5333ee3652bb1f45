import type { Store, UserRow } from '@knot/shared/store';
import { eachRow } from '../deeds/each-row.js';

/** Every user, in pages. */
export function eachUser(store: Store): AsyncGenerator<UserRow> {
  return eachRow(store, 'user');
}

/** How many users each id of `field` is named by. */
export async function countByUsers(store: Store, field: 'groups' | 'roles'): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for await (const user of eachUser(store)) {
    for (const id of user[field]) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}
