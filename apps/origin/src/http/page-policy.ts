import { may, pageWay } from '@knot/domain';
import type { Clock } from '@knot/shared';
import type { Store } from '@knot/shared/store';
import type { FastifyRequest } from 'fastify';
import type { Proofs } from '../identity/proofs.js';
import { shownSession } from './session-cookie.js';

const TERMINAL_PAGE = /^\/spaces\/([0-9a-f-]{36})\/terminal$/;

/** The dashboard's own files and nothing else, no inline style or script. */
const OWN = [
  "default-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

export interface PagePolicyParts {
  readonly store: Store;
  readonly clock: Pick<Clock, 'now'>;
  readonly proofs: Pick<Proofs, 'ofSession'>;
}

/**
 * What the dashboard's page may load and call. Where it was asked for as the terminal of a space, by somebody who may
 * enter that, it may call the leaf of that space besides.
 */
export async function pagePolicy(request: FastifyRequest, parts: PagePolicyParts): Promise<string> {
  const space = TERMINAL_PAGE.exec(request.url.split('?')[0] ?? '')?.[1];
  // a store that does not answer keeps no page from anybody
  const leaf = space === undefined ? '' : await leafOf(space, request, parts).catch(() => '');
  return leaf === '' ? OWN : `${OWN}; connect-src 'self' ${leaf}`;
}

async function leafOf(id: string, request: FastifyRequest, { store, clock, proofs }: PagePolicyParts): Promise<string> {
  const [who, space] = await Promise.all([proofs.ofSession(shownSession(request)), store.get('space', id)]);
  if (!who || !space || !may(who.actor, 'space.enter', clock.now(), space).granted) return '';
  const { directUrl: direct = '', directFingerprint = '' } =
    (await store.get('locationStatus', space.location))?.facts ?? {};
  return pageWay({ direct, directFingerprint }, { protocol: `${request.protocol}:`, hostname: request.hostname });
}
