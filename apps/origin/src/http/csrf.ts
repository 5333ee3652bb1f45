import { KnotError } from '@knot/shared/errors';
import type { FastifyRequest } from 'fastify';

const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses what a page of another site makes a browser send. Every browser says where such a request comes from by
 * Sec-Fetch-Site or Origin; a program that says neither sends no cookie that it was not given.
 */
export function assertSameSite(request: FastifyRequest, ownOrigin: string): void {
  if (SAFE.has(request.method)) return;
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) {
    if (site === 'same-origin' || site === 'none') return;
    throw refused();
  }
  const { origin } = request.headers;
  if (origin === undefined) return;
  if (origin === ownOrigin || origin === `${request.protocol}://${request.headers.host ?? ''}`) return;
  throw refused();
}

function refused(): KnotError {
  const hint = 'Open knot itself and do it there; programs send a token instead of a cookie.';
  return new KnotError('access.csrf', 'The request came from a page of another site.', hint);
}
