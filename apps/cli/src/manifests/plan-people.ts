import { KnotError } from '@knot/shared/errors';
import { answer } from '../api/api.js';
import type { Client } from '../client/open-client.js';
import { allGroups, allRoles, allUsers, called, calledFor } from '../people/find-people.js';
import { isAdministrator, membershipOf } from '../people/membership.js';
import { parsePermissions } from '../people/parse-permissions.js';
import { keyOf, type PlacedManifest, type Specs } from './manifest.js';
import { differences, stepTo, type Step } from './step.js';

type ManifestOf<K extends PlacedManifest['kind']> = Extract<PlacedManifest, { kind: K }>;

export async function planRole(client: Client, { kind, name, spec }: ManifestOf<'Role'>): Promise<Step> {
  const { api } = client;
  const { description = '' } = spec;
  const permissions = parsePermissions(spec.permissions);
  const known = called(await allRoles(client), name);
  if (known === undefined) {
    const body = { name, description, permissions };
    const deed = async () => void (await answer(api.POST('/api/v1/roles', { body })));
    return { kind, name, outcome: 'created', changes: [], deed };
  }
  const changes = differences(
    { description, permissions: permissions.toSorted() },
    { description: known.description, permissions: known.permissions.toSorted() },
  );
  const params = { path: { id: known.id }, header: { 'If-Match': `"${known.version}"` } };
  return stepTo({ kind, name }, changes, async () => {
    await answer(api.PATCH('/api/v1/roles/{id}', { params, body: { description, permissions } }));
  });
}

export async function planGroup(client: Client, { kind, name, spec }: ManifestOf<'Group'>): Promise<Step> {
  const { api } = client;
  const wanted = { description: spec.description ?? '', ...limitsOf(spec) };
  const known = called(await allGroups(client), name);
  if (known === undefined) {
    const deed = async () => void (await answer(api.POST('/api/v1/groups', { body: { name, ...wanted } })));
    return { kind, name, outcome: 'created', changes: [], deed };
  }
  const params = { path: { id: known.id }, header: { 'If-Match': `"${known.version}"` } };
  return stepTo({ kind, name }, differences(wanted, { ...known }), async () => {
    await answer(api.PATCH('/api/v1/groups/{id}', { params, body: wanted }));
  });
}

export async function planUser(
  client: Client,
  { kind, name, spec, place }: ManifestOf<'User'>,
  coming: ReadonlySet<string>,
): Promise<Step> {
  const { api } = client;
  const { email, roles = ['user'], groups = [], timezone, active, password } = spec;
  const [allKnownRoles, allKnownGroups] = await Promise.all([allRoles(client), allGroups(client)]);
  for (const role of roles) {
    if (!isAdministrator(role) && !coming.has(keyOf('Role', role))) calledFor(allKnownRoles, role, 'role');
  }
  for (const group of groups) if (!coming.has(keyOf('Group', group))) calledFor(allKnownGroups, group, 'group');
  // ids are known once what comes before is done
  const body = async () => ({ email, ...limitsOf(spec), timezone, ...(await membershipOf(client, roles, groups)) });
  const known = (await allUsers(client)).find(({ username }) => username.toLowerCase() === name.toLowerCase());
  if (known === undefined) {
    if (password === undefined) {
      throw new KnotError('state.refused', `${place}: the user ${name} is not there yet, so it needs a password`);
    }
    const deed = async (): Promise<void> => {
      const made = await answer(api.POST('/api/v1/users', { body: { ...(await body()), username: name, password } }));
      const params = { path: { id: made.id } };
      if (active === false) await answer(api.PATCH('/api/v1/users/{id}', { params, body: { active } }));
    };
    return { kind, name, outcome: 'created', changes: [], deed };
  }
  const wanted = {
    email,
    roles: folded(roles),
    groups: folded(groups),
    ...limitsOf(spec),
    ...(timezone !== undefined && { timezone }),
    ...(active !== undefined && { active }),
  };
  const present = {
    ...known,
    roles: folded([
      ...(known.role === 'administrator' ? [known.role] : []),
      // an administrator has the others too, which says nothing more unless they are wished for
      ...namesOf(known.roles, allKnownRoles).filter((role) => known.role === 'user' || folded(roles).includes(role)),
    ]),
    groups: folded(namesOf(known.groups, allKnownGroups)),
  };
  const params = { path: { id: known.id }, header: { 'If-Match': `"${known.version}"` } };
  return stepTo({ kind, name }, differences(wanted, present), async () => {
    await answer(api.PATCH('/api/v1/users/{id}', { params, body: { ...(await body()), active } }));
  });
}

/** What is missing is 0. */
function limitsOf({ maxSpaces = 0, maxRunning = 0, computeUnits = 0, storageUnits = 0 }: Specs['Group']) {
  return { maxSpaces, maxRunning, computeUnits, storageUnits };
}

function namesOf(ids: readonly string[], rows: readonly { readonly id: string; readonly name: string }[]): string[] {
  return ids.flatMap((id) => rows.filter((row) => row.id === id).map((row) => row.name.toLowerCase()));
}

function folded(names: readonly string[]): string[] {
  return [...new Set(names.map((name) => name.toLowerCase()))].toSorted();
}
