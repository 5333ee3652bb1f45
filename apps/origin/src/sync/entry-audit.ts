import type { sync } from '@knot/contract';
import type { NewRow, Store } from '@knot/shared/store';

const MOST = 200;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whom a leaf let in by itself, as rows of the audit; what is there already, or is none of its own, is left out. */
export async function entryAudit(
  store: Store,
  location: string,
  entries: readonly sync.Entry[],
): Promise<readonly NewRow<'audit'>[]> {
  const fresh = entries.slice(0, MOST).filter(({ id }) => UUID.test(id));
  if (fresh.length === 0) return [];
  const [known, spaces, users] = await Promise.all([
    store.getMany('audit', distinct(fresh.map(({ id }) => id))),
    store.getMany('space', distinct(fresh.map(({ space }) => space))),
    store.getMany('user', distinct(fresh.map(({ user }) => user))),
  ]);
  return fresh.flatMap(({ id, at, user, space, action, address, grant }) => {
    const row = spaces.find((one) => one.id === space && one.location === location);
    if (!row || known.some((one) => one.id === id)) return [];
    const actor = users.find((one) => one.id === user)?.username ?? user.slice(0, 64);
    return [
      {
        ...{ id, at: Number(at), actor, action: 'space.enter', subjectKind: 'space', subjectId: space, location },
        ...{ address: address.slice(0, 64), outcome: 'done' as const, seal: 0 },
        details: { name: row.name, by: action.slice(0, 16), grant: grant.slice(0, 64) },
      },
    ];
  });
}

function distinct(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)];
}
