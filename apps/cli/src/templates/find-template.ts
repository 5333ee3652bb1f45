import { KnotError } from '@knot/shared/errors';
import { allPages, answer } from '../api/api.js';
import type { Template } from '../api/schemas.js';
import type { Client } from '../client/open-client.js';
import { isId } from '../spaces/find-space.js';

/** The template of this name or id. */
export async function findTemplate(client: Client, wanted: string): Promise<Template> {
  if (isId(wanted)) return answer(client.api.GET('/api/v1/templates/{id}', { params: { path: { id: wanted } } }));
  const found = await templateNamed(client, wanted);
  if (found !== undefined) return found;
  const hint = '`knot templates list` shows what there is.';
  throw new KnotError('resource.not_found', `there is no template ${wanted}`, hint);
}

/** Undefined where there is none. */
export async function templateNamed({ api }: Client, wanted: string): Promise<Template | undefined> {
  const like = await allPages((cursor) =>
    answer(api.GET('/api/v1/templates', { params: { query: { q: wanted, ...cursor } } })),
  );
  return like.find(({ name }) => name.toLowerCase() === wanted.toLowerCase());
}
