import { KnotError } from '@knot/shared/errors';
import { allPages, answer } from '../api/api.js';
import type { Template } from '../api/schemas.js';
import type { Client } from '../client/open-client.js';
import { isId } from '../spaces/find-space.js';

/** The template of this name or id. */
export async function findTemplate({ api }: Client, wanted: string): Promise<Template> {
  if (isId(wanted)) return answer(api.GET('/api/v1/templates/{id}', { params: { path: { id: wanted } } }));
  const like = await allPages((cursor) =>
    answer(api.GET('/api/v1/templates', { params: { query: { q: wanted, ...cursor } } })),
  );
  const found = like.find(({ name }) => name.toLowerCase() === wanted.toLowerCase());
  if (found !== undefined) return found;
  const hint = '`knot templates list` shows what there is.';
  throw new KnotError('resource.not_found', `there is no template ${wanted}`, hint);
}
