import type { Client } from '../client/open-client.js';
import { allGroups, allRoles, allUsers, called } from '../people/find-people.js';
import { findOwnSpace } from '../spaces/find-space.js';
import { templateNamed } from '../templates/find-template.js';
import { findVariable } from '../variables/find-variable.js';
import { volumeNamed } from '../volumes/find-volume.js';
import type { Kind, PlacedManifest } from './manifest.js';

/** What a manifest names. */
export interface Named {
  readonly kind: Kind;
  readonly name: string;
  /** Of a variable; '' for one of every location. */
  readonly location: string;
}

export interface FoundThing {
  readonly id: string;
  readonly name: string;
}

export function namedBy(manifest: PlacedManifest): Named {
  const { kind, name } = manifest;
  return { kind, name, location: manifest.kind === 'Variable' ? (manifest.spec.location ?? '') : '' };
}

/** Names one thing among all of them. */
export function namedKey({ kind, name, location }: Named): string {
  // templates tell case apart in the names of variables
  return `${kind}/${kind === 'Variable' ? name : name.toLowerCase()}/${location}`;
}

/** Undefined where it is not there; of spaces one's own. */
export async function findNamed(client: Client, { kind, name, location }: Named): Promise<FoundThing | undefined> {
  switch (kind) {
    case 'Role':
      return called(await allRoles(client), name);
    case 'Group':
      return called(await allGroups(client), name);
    case 'User': {
      const user = (await allUsers(client)).find(({ username }) => username.toLowerCase() === name.toLowerCase());
      return user && { id: user.id, name: user.username };
    }
    case 'Variable':
      return findVariable(client, name, location);
    case 'Template':
      return templateNamed(client, name);
    case 'Volume':
      return volumeNamed(client, name);
    case 'Space':
      return findOwnSpace(client, name);
  }
}
