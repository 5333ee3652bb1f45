import { confirmByName } from '../client/ask.js';
import type { Client } from '../client/open-client.js';
import { printJson } from '../output.js';
import type { CommandContext } from '../command-context.js';
import { findNamed, namedBy, type FoundThing, type Named } from './find-named.js';
import type { Kind } from './manifest.js';
import { readManifests } from './read-manifests.js';

export interface DeleteInput {
  /** Files, folders or `-`. */
  readonly files: readonly string[];
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly json: boolean;
}

export interface Deletion extends Pick<Named, 'kind' | 'name'> {
  readonly outcome: 'deleted' | 'absent';
  deed(): Promise<unknown>;
}

/** Deletes what the manifests name and is there, what stands on others first. Ends where something is refused. */
export async function runDelete(client: Client, { files, dryRun, yes, json }: DeleteInput): Promise<void> {
  const { context } = client;
  const manifests = (await readManifests(context, files)).toReversed();
  const deletions: Deletion[] = [];
  for (const manifest of manifests) deletions.push(await planDeletion(client, namedBy(manifest)));
  if (!dryRun) await confirmDeletions(context, deletions, yes);
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

/** What deleting the thing that a manifest names comes to. */
export async function planDeletion(client: Client, manifest: Named): Promise<Deletion> {
  const { kind, name } = manifest;
  const found = await findNamed(client, manifest);
  if (!found) return { kind, name, outcome: 'absent', deed: () => Promise.resolve() };
  return { kind, name, outcome: 'deleted', deed: () => remove(client, kind, found) };
}

/** Shows what goes and asks for it, once for all. */
export async function confirmDeletions(
  context: CommandContext,
  deletions: readonly Deletion[],
  yes: boolean,
): Promise<void> {
  const going = deletions.filter(({ outcome }) => outcome === 'deleted');
  if (going.length === 0) return;
  if (!yes) context.stderr.write(going.map(({ kind, name }) => `  ${kind}/${name}\n`).join(''));
  const what = `This deletes ${going.length === 1 ? 'it' : `these ${going.length}`}, spaces and volumes with their data`;
  await confirmByName(context, { name: 'delete', what, yes });
}

async function remove({ api }: Client, kind: Kind, { id, name }: FoundThing): Promise<void> {
  const params = { path: { id }, query: { confirm: name } };
  switch (kind) {
    case 'Role':
      return void (await api.DELETE('/api/v1/roles/{id}', { params }));
    case 'Group':
      return void (await api.DELETE('/api/v1/groups/{id}', { params }));
    case 'User':
      return void (await api.DELETE('/api/v1/users/{id}', { params }));
    case 'Variable':
      return void (await api.DELETE('/api/v1/variables/{id}', { params: { path: { id } } }));
    case 'Template':
      return void (await api.DELETE('/api/v1/templates/{id}', { params }));
    case 'Volume':
      return void (await api.DELETE('/api/v1/volumes/{id}', { params }));
    case 'Space':
      return void (await api.DELETE('/api/v1/spaces/{id}', { params }));
  }
}
