import { KnotError, isKnotError } from '@knot/shared/errors';
import { allPages, answer } from '../api/api.js';
import type { Space } from '../api/schemas.js';
import type { Client } from '../client/open-client.js';

/** A space as it is now, those that are there, or one that is gone. */
export type SpaceSight =
  | { readonly kind: 'all'; readonly spaces: readonly Space[] }
  | { readonly kind: 'space'; readonly space: Space }
  | { readonly kind: 'gone'; readonly id: string };

/** Every state of the space with this id, or of all spaces that one may see; the present one first. */
export async function* followSpaces(
  client: Client,
  id: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<SpaceSight> {
  const { stderr } = client.context;
  for await (const news of client.follow(signal)) {
    switch (news.kind) {
      case 'relist':
        yield { kind: 'all', spaces: id === undefined ? await listAll(client) : await readSpace(client, id) };
        break;
      case 'lost':
        stderr.write(`note: the connection to ${client.server} is lost; trying again\n`);
        break;
      case 'change': {
        const { change } = news;
        if (change.kind !== 'space' || (id !== undefined && change.id !== id)) break;
        if (change.op === 'delete') yield { kind: 'gone', id: change.id };
        else yield { kind: 'space', space: change.object };
      }
    }
  }
}

/**
 * Runs `watch` until it gives something else than undefined, at most this long. Throws `state.refused` with the sentence
 * when the time is over, and when the events end.
 */
export async function withinTime<T>(
  client: Client,
  timeoutMs: number | undefined,
  what: () => string,
  watch: (signal: AbortSignal) => Promise<T | undefined>,
): Promise<T> {
  const { clock } = client.context;
  const end = new AbortController();
  const timer = timeoutMs === undefined ? undefined : clock.setTimeout(() => end.abort(), timeoutMs);
  try {
    const result = await watch(end.signal);
    if (result !== undefined) return result;
    const message = `${what()} after ${Math.round((timeoutMs ?? 0) / 1000)} seconds`;
    throw new KnotError('state.refused', message, 'It goes on by itself; `knot spaces show` tells how far it is.');
  } finally {
    if (timer !== undefined) clock.clearTimeout(timer);
    end.abort();
  }
}

function listAll({ api }: Client): Promise<Space[]> {
  return allPages((cursor) => answer(api.GET('/api/v1/spaces', { params: { query: cursor } })));
}

/** The space with this id, or none. */
export async function readSpace({ api }: Client, id: string): Promise<Space[]> {
  try {
    return [await answer(api.GET('/api/v1/spaces/{id}', { params: { path: { id } } }))];
  } catch (error) {
    if (isKnotError(error, 'resource.not_found')) return [];
    throw error;
  }
}
