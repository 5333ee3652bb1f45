import { failpoint, type Clock } from '@knot/shared';
import { KnotError } from '@knot/shared/errors';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { OriginMetrics } from '../health/origin-metrics.js';
import type { Proofs } from '../identity/proofs.js';
import { assertSameSite } from './csrf.js';
import { remember, type Proven } from './request-identity.js';
import { shownSession } from './session-cookie.js';

const SMALL = 1024 * 1024;
/** Two texts of 10 MiB, as JSON. */
export const LARGEST_BODY = 24 * 1024 * 1024;
/** Where it matters who asks. */
const PROVEN_ROUTES = /^\/(api\/|apps\/|metrics(\?|$))/;
const LARGE_ROUTES = /^\/api\/v1\/templates(\/|$)/;

export interface RequestGatePorts {
  readonly proofs: Proofs;
  readonly metrics: OriginMetrics;
  readonly clock: Pick<Clock, 'monotonic'>;
  /** `server.url` as an origin: scheme, host and port. */
  readonly ownOrigin: string;
}

/** What happens to each request of the API before its body is read: who it is from, from where, and how large it may be. */
export function addRequestGate(fastify: FastifyInstance, ports: RequestGatePorts): void {
  fastify.addHook('onRoute', (route) => {
    route.bodyLimit = LARGE_ROUTES.test(route.url) ? LARGEST_BODY : SMALL;
  });
  fastify.addHook('onRequest', async (request) => {
    if (!PROVEN_ROUTES.test(request.url)) return;
    const who = await identify(request, ports);
    if (who) remember(request, who);
    // a large body is read for those who are signed in only
    const large = LARGE_ROUTES.test(request.routeOptions.url ?? '') && request.method !== 'GET';
    if (!who && large) throw new KnotError('auth.required', 'This needs somebody who is signed in.', 'Sign in first.');
  });
  addAfterAnswer(fastify, ports);
}

async function identify(request: FastifyRequest, { proofs, ownOrigin }: RequestGatePorts): Promise<Proven | null> {
  const { authorization } = request.headers;
  if (authorization === undefined) {
    assertSameSite(request, ownOrigin);
    return proofs.ofSession(shownSession(request));
  }
  const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? '';
  const who = await proofs.ofToken(token);
  if (who) return who;
  throw new KnotError(
    'auth.failed',
    'The token is not known, has ended, or its user is deactivated.',
    'Make a new one: knot connect.',
  );
}

function addAfterAnswer(fastify: FastifyInstance, { metrics, clock }: RequestGatePorts): void {
  const begun = new WeakMap<FastifyRequest, number>();
  fastify.addHook('onRequest', (request, _reply, done) => {
    begun.set(request, clock.monotonic());
    done();
  });
  fastify.addHook('onResponse', async (request, reply) => {
    const seconds = (clock.monotonic() - (begun.get(request) ?? clock.monotonic())) / 1000;
    metrics.answered(request.method, request.routeOptions.url ?? 'none', reply.statusCode, seconds);
    if (reply.statusCode === 202) await failpoint('origin.answer.after');
  });
}
