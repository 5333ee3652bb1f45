import type { FastifyRequest } from 'fastify';

/** Browsers take the prefix only over https, so plain http (loopback) has a plain name. */
const SECURE_NAME = '__Host-knot';
const PLAIN_NAME = 'knot';
const FLOW = '-oidc';

export interface OpenedSession {
  /** Clear text; goes into the cookie and nowhere else. */
  readonly secret: string;
  readonly lifeMs: number;
}

export function sessionCookie(request: FastifyRequest, { secret, lifeMs }: OpenedSession): string {
  return cookie(request, secret, Math.floor(lifeMs / 1000));
}

export function endCookie(request: FastifyRequest): string {
  return cookie(request, '', 0);
}

/** The session's secret that the request shows; '' when it shows none. */
export function shownSession(request: FastifyRequest): string {
  return shown(request, '');
}

/** A sign-in at the provider that the browser has begun; it outlives no more than a few minutes. */
export function flowCookie(request: FastifyRequest, value: string, seconds: number): string {
  return cookie(request, value, seconds, FLOW);
}

export function shownFlow(request: FastifyRequest): string {
  return shown(request, FLOW);
}

function shown(request: FastifyRequest, what: string): string {
  const name = `${request.protocol === 'https' ? SECURE_NAME : PLAIN_NAME}${what}`;
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const [key = '', value = ''] = part.trim().split('=', 2);
    if (key === name) return value;
  }
  return '';
}

function cookie(request: FastifyRequest, value: string, maxAge: number, what = ''): string {
  const secure = request.protocol === 'https';
  const name = secure ? `${SECURE_NAME}${what}=${value}; Secure` : `${PLAIN_NAME}${what}=${value}`;
  return `${name}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${maxAge}`;
}
