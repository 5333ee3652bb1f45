import { confirmByName } from '../client/ask.js';
import type { Client } from '../client/open-client.js';
import { printJson } from '../output.js';
import { allGroups, allRoles, allUsers, called } from '../people/find-people.js';
import { findOwnSpace } from '../spaces/find-space.js';
import { templateNamed } from '../templates/find-template.js';
import { findVariable } from '../variables/find-variable.js';
import { volumeNamed } from '../volumes/find-volume.js';
import type { PlacedManifest } from './manifest.js';
import { readManifests } from './read-manifests.js';

export interface DeleteInput {
  /** Files, folders or `-`. */
  readonly files: readonly string[];
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly json: boolean;
}

interface Deletion extends Pick<PlacedManifest, 'kind' | 'name'> {
  readonly outcome: 'deleted' | 'absent';
  deed(): Promise<unknown>;
}

/** Deletes what the manifests name and is there, what stands on others first. Ends where something is refused. */
export async function runDelete(client: Client, { files, dryRun, yes, json }: DeleteInput): Promise<void> {
  const { context } = client;
  const manifests = (await readManifests(context, files)).toReversed();
  const deletions: Deletion[] = [];
  for (const manifest of manifests) deletions.push(await planDeletion(client, manifest));
  const going = deletions.filter(({ outcome }) => outcome === 'deleted');
  if (!dryRun && going.length > 0) {
    if (!yes) context.stderr.write(going.map(({ kind, name }) => `  ${kind}/${name}\n`).join(''));
    const what = `This deletes ${going.length === 1 ? 'it' : `these ${going.length}`}, spaces and volumes with their data`;
    await confirmByName(context, { name: 'delete', what, yes });
  }
  const done: Deletion[] = [];
  try {
    for (const deletion of deletions) {
      if (!dryRun) await deletion.deed();
      done.push(deletion);
      if (!json) context.stdout.write(`${deletion.outcome.padEnd(9)}  ${deletion.kind}/${deletion.name}\n`);
    }
  } finally {
    // also where one was refused: what came before it is done
    if (json)
      printJson(
        context.stdout,
        done.map(({ kind, name, outcome }) => ({ kind, name, outcome })),
      );
  }
  if (dryRun) context.stderr.write('note: this was a dry run; nothing is done\n');
}

async function planDeletion(client: Client, manifest: PlacedManifest): Promise<Deletion> {
  const { kind, name } = manifest;
  const deed = await deedOf(client, manifest);
  return { kind, name, outcome: deed ? 'deleted' : 'absent', deed: deed ?? (() => Promise.resolve()) };
}

/** Undefined where it is not there. */
async function deedOf(client: Client, manifest: PlacedManifest): Promise<(() => Promise<unknown>) | undefined> {
  const { api } = client;
  const { kind, name } = manifest;
  switch (kind) {
    case 'Role': {
      const row = called(await allRoles(client), name);
      return row && (() => api.DELETE('/api/v1/roles/{id}', { params: paramsOf(row.id, row.name) }));
    }
    case 'Group': {
      const row = called(await allGroups(client), name);
      return row && (() => api.DELETE('/api/v1/groups/{id}', { params: paramsOf(row.id, row.name) }));
    }
    case 'User': {
      const row = (await allUsers(client)).find(({ username }) => username.toLowerCase() === name.toLowerCase());
      return row && (() => api.DELETE('/api/v1/users/{id}', { params: paramsOf(row.id, row.username) }));
    }
    case 'Variable': {
      const row = await findVariable(client, name, manifest.spec.location ?? '');
      return row && (() => api.DELETE('/api/v1/variables/{id}', { params: { path: { id: row.id } } }));
    }
    case 'Template': {
      const row = await templateNamed(client, name);
      return row && (() => api.DELETE('/api/v1/templates/{id}', { params: paramsOf(row.id, row.name) }));
    }
    case 'Volume': {
      const row = await volumeNamed(client, name);
      return row && (() => api.DELETE('/api/v1/volumes/{id}', { params: paramsOf(row.id, row.name) }));
    }
    case 'Space': {
      const row = await findOwnSpace(client, name);
      return row && (() => api.DELETE('/api/v1/spaces/{id}', { params: paramsOf(row.id, row.name) }));
    }
  }
}

function paramsOf(id: string, confirm: string) {
  return { path: { id }, query: { confirm } };
}
