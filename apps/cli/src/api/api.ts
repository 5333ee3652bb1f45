import createClient, { type Client } from 'openapi-fetch';
import type { paths } from '@knot/contract';
import { KnotError } from '@knot/shared/errors';
import { send, type SendPorts } from './send.js';

/** The REST API with the types of its contract. Its calls throw KnotErrors; read the answers by `answer`. */
export type Api = Client<paths>;

export function createApi(ports: SendPorts, headers: Readonly<Record<string, string>>): Api {
  return createClient<paths>({
    baseUrl: ports.server,
    headers: { ...headers },
    // a token goes to the address it is meant for and nowhere else
    redirect: 'manual',
    fetch: (request) => send(request, ports),
  });
}

/** The body of an answer that has one. */
export async function answer<T>(call: Promise<{ data?: T; response: Response }>): Promise<T> {
  const { data } = await call;
  if (data !== undefined) return data;
  throw new KnotError('server.unavailable', 'the server answered with nothing where data was due');
}

/** Every item of a list, page after page. */
export async function allPages<T>(
  page: (cursor: { cursor?: string }) => Promise<{ readonly items: readonly T[]; readonly next: string | null }>,
): Promise<T[]> {
  const items: T[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const got: { readonly items: readonly T[]; readonly next: string | null } = await page(
      cursor === undefined ? {} : { cursor },
    );
    items.push(...got.items);
    if (got.next === cursor) return items;
    cursor = got.next;
  }
  return items;
}
