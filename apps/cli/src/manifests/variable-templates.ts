import { allPages, answer } from '../api/api.js';
import type { Client } from '../client/open-client.js';
import { findTemplate } from '../templates/find-template.js';
import { keyOf } from './manifest.js';

/** Name of each template by its id. */
export async function templateNames({ api }: Client): Promise<ReadonlyMap<string, string>> {
  const all = await allPages((cursor) => answer(api.GET('/api/v1/templates', { params: { query: cursor } })));
  return new Map(all.map(({ id, name }) => [id, name]));
}

/** The ids of those that are there; throws of one that is neither there nor coming. */
export async function idsOfTemplates(
  client: Client,
  names: readonly string[],
  coming: ReadonlySet<string>,
): Promise<string[]> {
  const known = new Map([...(await templateNames(client))].map(([id, name]) => [name.toLowerCase(), id]));
  const ids: string[] = [];
  for (const name of names) {
    const id = known.get(name.toLowerCase());
    if (id !== undefined) ids.push(id);
    else if (!coming.has(keyOf('Template', name))) await findTemplate(client, name);
  }
  return ids;
}
