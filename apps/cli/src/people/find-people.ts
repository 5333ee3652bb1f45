import { KnotError } from '@knot/shared/errors';
import { allPages, answer } from '../api/api.js';
import type { Group, Role, User } from '../api/schemas.js';
import type { Client } from '../client/open-client.js';

export function allGroups({ api }: Client): Promise<Group[]> {
  return allPages((cursor) => answer(api.GET('/api/v1/groups', { params: { query: cursor } })));
}

export function allRoles({ api }: Client): Promise<Role[]> {
  return allPages((cursor) => answer(api.GET('/api/v1/roles', { params: { query: cursor } })));
}

export function allUsers({ api }: Client): Promise<User[]> {
  return allPages((cursor) => answer(api.GET('/api/v1/users', { params: { query: cursor } })));
}

/** The one of this name or id, as people write it; undefined where there is none. */
export function called<T extends { readonly id: string; readonly name: string }>(
  rows: readonly T[],
  wanted: string,
): T | undefined {
  const key = wanted.toLowerCase();
  return rows.find(({ id, name }) => id === key || name.toLowerCase() === key);
}

/** As `called`, or what to say where there is none. */
export function calledFor<T extends { readonly id: string; readonly name: string }>(
  rows: readonly T[],
  wanted: string,
  kind: 'group' | 'role',
): T {
  const found = called(rows, wanted);
  if (found !== undefined) return found;
  const hint = `\`knot ${kind}s list\` shows what there is.`;
  throw new KnotError('resource.not_found', `there is no ${kind} ${wanted}`, hint);
}

/** The user of this name, e-mail address or id. */
export async function findUser(client: Client, wanted: string): Promise<User> {
  const key = wanted.toLowerCase();
  const found = (await allUsers(client)).find(
    ({ id, username, email }) => id === key || username.toLowerCase() === key || email.toLowerCase() === key,
  );
  if (found !== undefined) return found;
  throw new KnotError('resource.not_found', `there is no user ${wanted}`, '`knot users list` shows who there is.');
}
