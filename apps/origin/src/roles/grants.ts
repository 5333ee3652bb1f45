import { holds, lackedOf, permissionsOf, type Actor, type HeldPermission, type Permission } from '@knot/domain';
import { USER_ROLE } from '@knot/domain';
import { KnotError } from '@knot/shared/errors';
import type { Store, UserRow } from '@knot/shared/store';

type Holder = Pick<UserRow, 'role' | 'roles'>;

/** What a user may, and by which roles. */
export async function heldBy(store: Store, user: Holder): Promise<readonly HeldPermission[]> {
  const ids = user.roles.filter((id) => id !== USER_ROLE.id);
  return permissionsOf(user, ids.length === 0 ? [] : await store.getMany('role', ids));
}

/** Nobody gives or takes what they lack themselves, nor acts on somebody who may more. */
export function assertMayGive(actor: Actor, permissions: readonly string[], deed: string): void {
  const has = actor.permissions.filter((permission) => holds(actor, permission));
  const lacked = lackedOf(has, permissions);
  if (lacked.length === 0) return;
  const message = `${deed} takes permissions that you lack: ${lacked.join(', ')}.`;
  throw new KnotError('access.denied', message, 'Ask somebody who has them.', { lacked });
}

/** Throws unless the actor may act on everybody who holds what these users hold. */
export async function assertOver(store: Store, actor: Actor, users: readonly Holder[], deed: string): Promise<void> {
  if (actor.role !== 'administrator' && users.some(({ role }) => role === 'administrator')) {
    throw new KnotError('access.denied', `${deed} is for administrators.`, 'Ask an administrator.');
  }
  const held = await Promise.all(users.map((user) => heldBy(store, user)));
  const permissions = new Set<Permission>(held.flat().map(({ permission }) => permission));
  assertMayGive(actor, [...permissions], deed);
}
