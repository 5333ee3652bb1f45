import type { Group, Role, User } from '../api/schemas.js';
import type { Client } from '../client/open-client.js';
import { allGroups, allRoles, allUsers, calledFor, findUser } from '../people/find-people.js';
import type { Manifest } from './manifest.js';

/** The role that is always there is left out of the whole: nobody can change it. */
export async function roleManifests(client: Client, name: string | undefined): Promise<Manifest[]> {
  const all = await allRoles(client);
  const found = name === undefined ? all.filter(({ builtIn }) => !builtIn) : [calledFor(all, name, 'role')];
  return found.map(roleManifest);
}

export async function groupManifests(client: Client, name: string | undefined): Promise<Manifest[]> {
  const all = await allGroups(client);
  return (name === undefined ? all : [calledFor(all, name, 'group')]).map(groupManifest);
}

/** One that is being deleted is nothing to be wished for. */
export async function userManifests(client: Client, name: string | undefined): Promise<Manifest[]> {
  const [users, roles, groups] = await Promise.all([
    name === undefined ? allUsers(client) : findUser(client, name).then((user) => [user]),
    allRoles(client),
    allGroups(client),
  ]);
  const staying = users.filter(({ deletionRequestedAt }) => deletionRequestedAt === 0);
  return staying.map((user) => userManifest(user, roles, groups));
}

function roleManifest({ name, description, permissions }: Role): Manifest {
  return { kind: 'Role', name, spec: { description: description || undefined, permissions } };
}

function groupManifest({ name, description, ...limits }: Group): Manifest {
  return { kind: 'Group', name, spec: { description: description || undefined, ...limitsOf(limits) } };
}

function userManifest(user: User, roles: readonly Role[], groups: readonly Group[]): Manifest {
  const { username, email, timezone, active } = user;
  const held = [...(user.role === 'administrator' ? [user.role] : []), ...namesOf(user.roles, roles)];
  const isPlain = held.length === 1 && user.roles.includes('user');
  const spec = {
    email,
    roles: isPlain ? undefined : held,
    groups: user.groups.length === 0 ? undefined : namesOf(user.groups, groups),
    ...limitsOf(user),
    timezone,
    active: active ? undefined : false,
  };
  return { kind: 'User', name: username, spec };
}

type Limits = Pick<Group, 'maxSpaces' | 'maxRunning' | 'computeUnits' | 'storageUnits'>;

function limitsOf({ maxSpaces, maxRunning, computeUnits, storageUnits }: Limits): Partial<Limits> {
  return {
    maxSpaces: maxSpaces || undefined,
    maxRunning: maxRunning || undefined,
    computeUnits: computeUnits || undefined,
    storageUnits: storageUnits || undefined,
  };
}

function namesOf(ids: readonly string[], rows: readonly { readonly id: string; readonly name: string }[]): string[] {
  return rows.filter(({ id }) => ids.includes(id)).map(({ name }) => name);
}
