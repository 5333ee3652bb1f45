import { createHash } from 'node:crypto';
import { appPlace, isOneSite } from '@knot/domain';
import { appEntryAddress } from '@knot/link';
import { KnotError, toKnotError } from '@knot/shared/errors';
import type { FastifyInstance } from 'fastify';
import type { Refusals } from '../audit/refusals.js';
import { doerOf, type Deeds } from '../deeds/deeds.js';
import type { Call } from '../http/call.js';
import { callOf } from '../http/request-identity.js';
import { noApp, type AppAccess } from './app-access.js';
import type { AppDomains } from './app-domains.js';
import { APP_OPEN_PATH, closedPath } from './origin-apps.js';
import type { AppPasses } from './app-passes.js';

const SCRIPT = 'document.forms[0].submit()';
const SCRIPT_HASH = createHash('sha256').update(SCRIPT).digest('base64');
const LONGEST_PATH = 4_096;

export interface AppOpenPageParts {
  readonly domains: AppDomains;
  readonly access: AppAccess;
  readonly passes: AppPasses;
  readonly deeds: Deeds;
  readonly refusals: Refusals;
}

interface Wanted {
  readonly host: string;
  readonly path: string;
}

/**
 * The page of the dashboard's host that lets a browser into an app: it holds a ticket in a form, which it posts to the
 * app's host by itself. No address ever holds the ticket.
 */
export function serveAppOpenPage(fastify: FastifyInstance, parts: AppOpenPageParts): void {
  fastify.get(APP_OPEN_PATH, async (request, reply) => {
    const wanted = wantedOf(request.query);
    const call = callOf(request);
    if (!call) return reply.redirect(`/sign-in?to=${encodeURIComponent(request.url)}`, 303);
    if (call.actor.via !== 'session') throw new KnotError('access.denied', 'A token opens no app: sign in.');
    const target = await ticketFor(parts, call, wanted).catch((error: unknown) => {
      const known = toKnotError(error);
      if (known.httpStatus >= 500 || !(request.headers.accept ?? '').includes('text/html')) throw error;
      const { username: actor } = call.actor;
      parts.refusals.note(known, { actor, address: request.ip, action: `GET ${APP_OPEN_PATH}` });
      return closedPath(new URLSearchParams({ ...wanted }), known.code);
    });
    if (typeof target === 'string') return reply.redirect(target, 303);
    const { origin } = new URL(target.action);
    const policy = `default-src 'none'; script-src 'sha256-${SCRIPT_HASH}'; form-action ${origin}; frame-ancestors 'none'; base-uri 'none'`;
    return reply
      .type('text/html; charset=utf-8')
      .headers({ 'content-security-policy': policy, 'cache-control': 'no-store' })
      .send(page(target));
  });
}

function wantedOf(query: unknown): Wanted {
  const fields: { host?: unknown; path?: unknown } = typeof query === 'object' && query !== null ? query : {};
  const { host, path = '/' } = fields;
  if (typeof host === 'string' && typeof path === 'string' && path.length <= LONGEST_PATH) return { host, path };
  throw new KnotError('input.invalid', 'This address names no app.', 'Open the app from the page of its space.');
}

async function ticketFor({ domains, access, passes, deeds }: AppOpenPageParts, call: Call, { host, path }: Wanted) {
  const { naming, name, asked } = await spaceAt({ domains, access }, { host, path });
  const { space, port } = await access.opened(call.actor, asked, name.port, isOneSite(naming));
  const place = appPlace(naming, name);
  const ticket = await passes.make(space.location, {
    kind: 'ticket',
    host: `${place.host}${place.base}`,
    space: space.id,
    session: call.proofId,
    user: call.actor.id,
    group: await access.inGroupOf(call.actor, space),
    local: call.actor.role === 'administrator',
  });
  return deeds.do({ ...doerOf(call), idempotency: null }, async () => ({
    expect: [],
    writes: [],
    audit: {
      ...{ action: 'space.enter', subjectKind: 'space', subjectId: space.id, location: space.location },
      details: { name: space.name, by: 'port', port: port.port },
    },
    answer: { action: appEntryAddress(naming, place), ticket, path: path.slice(place.base.length) },
  }));
}

async function spaceAt({ domains, access }: Pick<AppOpenPageParts, 'domains' | 'access'>, { host, path }: Wanted) {
  const named = await domains.named(host, path);
  if (named.length === 0) throw new KnotError('resource.not_found', 'There is no app at this address.');
  for (const { naming, name, location } of named) {
    const asked = await access.spaceOf(name);
    if (asked && (location === null || asked.location === location)) return { naming, name, asked };
  }
  throw noApp();
}

/** The app's host takes tickets from this origin alone, so the browser is to name it, though no page of ours else does. */
function page({ action, ticket, path }: { action: string; ticket: string; path: string }): string {
  const field = (name: string, value: string) => `<input type="hidden" name="${name}" value="${escaped(value)}">`;
  return `<!doctype html><html lang="en"><meta name="referrer" content="origin"><title>knot</title><form method="post" action="${escaped(action)}">
${field('ticket', ticket)}${field('path', path)}<button>Open</button></form><script>${SCRIPT}</script></html>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
