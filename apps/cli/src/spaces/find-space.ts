import { KnotError } from '@knot/shared/errors';
import { allPages, answer } from '../api/api.js';
import type { Space } from '../api/schemas.js';
import type { Client } from '../client/open-client.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function isId(text: string): boolean {
  return UUID.test(text);
}

/**
 * The space that a person means: an id, `owner/name`, or a name, where one's own comes before those of others. A name
 * that several others have is refused rather than guessed.
 */
export async function findSpace(client: Client, wanted: string): Promise<Space> {
  if (isId(wanted)) return answer(client.api.GET('/api/v1/spaces/{id}', { params: { path: { id: wanted } } }));
  const slash = wanted.indexOf('/');
  const owner = wanted.slice(0, Math.max(slash, 0)).toLowerCase();
  const name = wanted.slice(slash + 1).toLowerCase();
  if (name === '') throw noSuchSpace(wanted);
  if (slash === -1) {
    const own = await findOwnSpace(client, name);
    if (own !== undefined) return own;
  }
  const all = [...(await spacesLike(client, name)), ...(await sharedLike(client, name))].filter(
    (space, index, found) =>
      space.name.toLowerCase() === name &&
      (slash === -1 || space.owner.username.toLowerCase() === owner) &&
      found.findIndex(({ id }) => id === space.id) === index,
  );
  const [first] = all;
  if (first === undefined) throw noSuchSpace(wanted);
  if (all.length > 1) throw ambiguous(wanted, all);
  return first;
}

/** One's own space of this name; undefined where there is none. */
export async function findOwnSpace(client: Client, name: string): Promise<Space | undefined> {
  const wanted = name.toLowerCase();
  return (await spacesLike(client, wanted, 'me')).find((space) => space.name.toLowerCase() === wanted);
}

function spacesLike({ api }: Client, part: string, owner?: string): Promise<Space[]> {
  return allPages((cursor) =>
    answer(api.GET('/api/v1/spaces', { params: { query: { q: part, ...(owner && { owner }), ...cursor } } })),
  );
}

async function sharedLike({ api }: Client, part: string): Promise<Space[]> {
  return (await answer(api.GET('/api/v1/spaces', { params: { query: { q: part, shared: 'with-me' } } }))).items;
}

function noSuchSpace(wanted: string): KnotError {
  return new KnotError('resource.not_found', `there is no space ${wanted}`, '`knot spaces list` shows what there is.');
}

function ambiguous(wanted: string, all: readonly Space[]): KnotError {
  const names = all.map(({ owner, name }) => `${owner.username}/${name}`);
  return new KnotError('input.invalid', `${wanted} may be one of ${names.join(', ')}`, 'Name one of these.', { names });
}
