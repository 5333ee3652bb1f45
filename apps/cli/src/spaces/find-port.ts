import { isServiceName, portNamed, type SpacePort } from '@knot/domain';
import { KnotError } from '@knot/shared/errors';
import { answer } from '../api/api.js';
import type { Space, SpaceDetail } from '../api/schemas.js';
import type { Client } from '../client/open-client.js';

const NAMES: Readonly<Record<string, string>> = { desktop: 'vnc', 'code-server': 'code-server' };

/**
 * The web port that a person means: by its number, whether something listens there or not, else one that the space offers
 * at the moment by what it is called, `vnc` and `code-server` too.
 */
export async function findPort({ api }: Client, { id, name }: Space, wanted: string): Promise<number> {
  if (/^\d+$/.test(wanted)) return Number(wanted);
  const { ports } = await answer(api.GET('/api/v1/spaces/{id}', { params: { path: { id } } }));
  const named = portNamed(ports.map(offered), wanted.toLowerCase());
  if (named) return named.port;
  const names = ports.flatMap(({ port, label, kind, protocol }) =>
    protocol === 'tcp' ? [] : [isServiceName(label.toLowerCase()) ? label : (NAMES[kind] ?? String(port))],
  );
  const there = names.length === 0 ? 'It offers none: start it' : `It offers ${names.join(', ')}`;
  throw new KnotError(
    'resource.not_found',
    `${name} offers no web port ${wanted} at the moment`,
    `${there}, or name the port by its number.`,
  );
}

function offered({ port, label, protocol, kind }: SpaceDetail['ports'][number]): SpacePort {
  return { port, label, protocol, ...(kind !== '' && { kind }) };
}
