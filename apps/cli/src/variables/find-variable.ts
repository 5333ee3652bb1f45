import { allPages, answer } from '../api/api.js';
import type { Variable } from '../api/schemas.js';
import type { Client } from '../client/open-client.js';

/** The variable of this name at this location, '' being every location. */
export async function findVariable({ api }: Client, name: string, location: string): Promise<Variable | undefined> {
  const like = await allPages((cursor) =>
    answer(api.GET('/api/v1/variables', { params: { query: { q: name, ...cursor } } })),
  );
  return like.find((variable) => variable.name === name && variable.location === location);
}
