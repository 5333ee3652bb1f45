import { isKnotError } from '@knot/shared/errors';
import type { Client } from '../client/open-client.js';
import { findSpace } from '../spaces/find-space.js';
import { KnownWays } from './known-ways.js';

/** A space to get into: found at the server, else, while that is away, among those that one was in before. */
export async function reachSpace(
  client: Client,
  wanted: string,
): Promise<{ readonly id: string; readonly name: string }> {
  const ways = new KnownWays(client);
  const api = ways.leafOf(ways.space(wanted)) ? client.hastyApi : client.api;
  try {
    const { id, name, owner, location } = await findSpace({ ...client, api }, wanted);
    const hostKey = ways.space(id)?.hostKey ?? '';
    ways.keepSpace({ id, name, owner: owner.username, location, hostKey });
    return { id, name };
  } catch (error) {
    const known = isKnotError(error, 'server.unavailable') ? ways.space(wanted) : undefined;
    if (known) return known;
    throw error;
  }
}
