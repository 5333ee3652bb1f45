import { KnotError } from '@knot/shared/errors';
import { allPages, answer } from '../api/api.js';
import type { Volume } from '../api/schemas.js';
import type { Client } from '../client/open-client.js';
import { isId } from '../spaces/find-space.js';

/** The standalone volume of this name or id. */
export async function findVolume(client: Client, wanted: string): Promise<Volume> {
  if (isId(wanted)) return answer(client.api.GET('/api/v1/volumes/{id}', { params: { path: { id: wanted } } }));
  const found = await volumeNamed(client, wanted);
  if (found !== undefined) return found;
  throw new KnotError('resource.not_found', `there is no volume ${wanted}`, '`knot volumes list` shows what there is.');
}

/** Undefined where there is none. */
export async function volumeNamed({ api }: Client, wanted: string): Promise<Volume | undefined> {
  const like = await allPages((cursor) =>
    answer(api.GET('/api/v1/volumes', { params: { query: { q: wanted, ...cursor } } })),
  );
  return like.find(({ name }) => name.toLowerCase() === wanted.toLowerCase());
}
