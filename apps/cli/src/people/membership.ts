import type { Client } from '../client/open-client.js';
import { allGroups, allRoles, calledFor } from './find-people.js';

/** What the API takes of a user's roles and groups; what is undefined stays as it is. */
export interface Membership {
  readonly role?: 'administrator' | 'user';
  readonly roles?: string[];
  readonly groups?: string[];
}

/** Names become ids. `administrator` is no role among others: who is one may do everything. */
export async function membershipOf(
  client: Client,
  roles: readonly string[] | undefined,
  groups: readonly string[] | undefined,
): Promise<Membership> {
  return { ...(roles && (await rolesOf(client, roles))), ...(groups && { groups: await groupsOf(client, groups) }) };
}

async function rolesOf(client: Client, names: readonly string[]): Promise<Membership> {
  const further = names.filter((name) => !isAdministrator(name));
  const role = further.length < names.length ? 'administrator' : 'user';
  if (further.length === 0 && role === 'administrator') return { role };
  const all = further.length === 0 ? [] : await allRoles(client);
  return { role, roles: unique(further.map((name) => calledFor(all, name, 'role').id)) };
}

async function groupsOf(client: Client, names: readonly string[]): Promise<string[]> {
  const all = names.length === 0 ? [] : await allGroups(client);
  return unique(names.map((name) => calledFor(all, name, 'group').id));
}

export function isAdministrator(name: string): boolean {
  return name.toLowerCase() === 'administrator';
}

function unique(ids: readonly string[]): string[] {
  return [...new Set(ids)];
}
