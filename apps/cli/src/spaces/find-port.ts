import { isServiceName, portCalled, portNamed, type SpacePort } from '@knot/domain';
import { KnotError } from '@knot/shared/errors';
import { answer } from '../api/api.js';
import type { Space, SpaceDetail } from '../api/schemas.js';
import type { Client } from '../client/open-client.js';

const NAMES: Readonly<Record<string, string>> = { desktop: 'vnc', 'code-server': 'code-server' };

/**
 * The port that a person means: by its number, whether something listens there or not, else one that the space offers
 * at the moment by what it is called, `vnc` and `code-server` too. Of web pages alone, or of all.
 */
export async function findPort(
  { api }: Client,
  { id, name }: Pick<Space, 'id' | 'name'>,
  wanted: string,
  among: 'web' | 'all',
): Promise<number> {
  if (/^\d+$/.test(wanted)) return Number(wanted);
  const { ports } = await answer(api.GET('/api/v1/spaces/{id}', { params: { path: { id } } }));
  const offers = ports.map(offered);
  const found = (among === 'web' ? portNamed : portCalled)(offers, wanted.toLowerCase());
  if (found) return found.port;
  const names = offers.filter(({ protocol }) => among === 'all' || protocol !== 'tcp').map(called);
  throw new KnotError(
    'resource.not_found',
    `${name} offers no ${among === 'web' ? 'web ' : ''}port ${wanted} at the moment`,
    `${names.length === 0 ? 'It offers none: start it, or what is to listen there' : `It offers ${names.join(', ')}`}. A number goes too.`,
  );
}

function called({ port, label, kind }: SpacePort): string {
  const name = isServiceName(label.toLowerCase()) ? label : NAMES[kind ?? ''];
  return name === undefined ? String(port) : `${name} (${port})`;
}

function offered({ port, label, protocol, kind }: SpaceDetail['ports'][number]): SpacePort {
  return { port, label, protocol, ...(kind !== '' && { kind }) };
}
