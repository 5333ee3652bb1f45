import type { ExecutionContext } from '@nestjs/common';
import { RequestMethod } from '@nestjs/common';
import { ALL_PERMISSIONS, TOKEN_SCOPES, type Actor, type Permission, type TokenScope } from '@knot/domain';
import { isKnotError } from '@knot/shared/errors';
import type { FastifyRequest } from 'fastify';
import { describe, expect, it } from 'vitest';
import { OriginModule } from '../origin.module.js';
import { IdentityGuard } from './identity.guard.js';
import { remember } from './request-identity.js';

const NOW = 1_800_000_000_000;

/** Whom a route is open to (one of the permissions is enough), and the least scope of a token; `session`: no token. */
type Open = readonly ['anyone' | 'signed-in' | readonly Permission[], TokenScope | 'session'];

const ANYONE: Open = ['anyone', 'read'];
const SIGNED_IN: Open = ['signed-in', 'read'];
const OWN_SPACE: Open = [['spaces.use', 'spaces.manage'], 'spaces'];
const SEE_USERS: Open = [['users.see', 'users.manage'], 'read'];
const USERS: Open = [['users.manage'], '*'];
const SEE_GROUPS: Open = [['groups.manage', 'users.see', 'users.manage', 'templates.see', 'templates.manage'], 'read'];
const GROUPS: Open = [['groups.manage'], '*'];
const SEE_ROLES: Open = [['roles.manage', 'users.see', 'users.manage'], 'read'];
const ROLES: Open = [['roles.manage'], '*'];
const SEE_TEXTS: Open = [['templates.see', 'templates.manage', 'templates.approve'], 'read'];
const TEMPLATES: Open = [['templates.manage'], '*'];
const SEE_VARIABLES: Open = [['variables.see', 'variables.manage'], 'read'];
const VARIABLES: Open = [['variables.manage'], '*'];
const SEE_VOLUMES: Open = [['volumes.see', 'volumes.manage'], 'read'];
const VOLUMES: Open = [['volumes.manage'], '*'];
const SEE_LOCATIONS: Open = [['locations.see', 'locations.manage'], 'read'];
const LOCATIONS: Open = [['locations.manage'], '*'];
const AUDIT: Open = [['audit.see'], 'read'];

/** Every route of the API, with whom it is open to. A new route has to be written down here. */
const TABLE: Readonly<Record<string, Open>> = {
  'GET /api/v1/setup': ANYONE,
  'POST /api/v1/setup': ANYONE,
  'POST /api/v1/auth/login': ANYONE,
  'GET /api/v1/auth/ways': ANYONE,
  'GET /api/v1/auth/oidc': ANYONE,
  'GET /api/v1/auth/oidc/callback': ANYONE,
  'DELETE /api/v1/me/oidc-link': ['signed-in', 'session'],
  'POST /api/v1/me/oidc-link': ['signed-in', 'session'],
  'POST /api/v1/auth/logout': ['signed-in', 'session'],
  'GET /api/v1/me': SIGNED_IN,
  'GET /api/v1/me/access': SIGNED_IN,
  'GET /api/v1/me/ssh-keys': SIGNED_IN,
  'POST /api/v1/me/ssh-keys': ['signed-in', 'session'],
  'DELETE /api/v1/me/ssh-keys': ['signed-in', '*'],
  'GET /api/v1/me/ssh-hosts': SIGNED_IN,
  'GET /api/v1/me/quota': SIGNED_IN,
  'POST /api/v1/auth/totp/begin': ANYONE,
  'POST /api/v1/auth/totp': ANYONE,
  'POST /api/v1/me/totp-link': ['signed-in', 'session'],
  'DELETE /api/v1/me/totp': ['signed-in', 'session'],
  'POST /api/v1/users/:id/totp-link': [['users.manage'], 'session'],
  'DELETE /api/v1/users/:id/totp': [['users.manage'], 'session'],
  'PUT /api/v1/me/password': ['signed-in', 'session'],
  'GET /api/v1/sessions': ['signed-in', 'session'],
  'DELETE /api/v1/sessions/:id': ['signed-in', 'session'],
  'GET /api/v1/tokens': ['signed-in', '*'],
  'POST /api/v1/tokens': ['signed-in', 'session'],
  'DELETE /api/v1/tokens/:id': ['signed-in', '*'],
  'GET /api/v1/users': SEE_USERS,
  'GET /api/v1/users/:id': SEE_USERS,
  'GET /api/v1/users/:id/access': SEE_USERS,
  'GET /api/v1/users/:id/quota': SEE_USERS,
  'GET /api/v1/usage': [['users.see', 'users.manage', 'server.see'], 'read'],
  'GET /api/v1/me/usage': SIGNED_IN,
  'GET /api/v1/users/:id/usage': SEE_USERS,
  'GET /api/v1/groups/:id/usage': [['groups.manage', 'users.see', 'users.manage'], 'read'],
  'POST /api/v1/users': USERS,
  'PATCH /api/v1/users/:id': USERS,
  'DELETE /api/v1/users/:id': USERS,
  'GET /api/v1/users/:id/deletion': [['users.manage'], 'read'],
  'GET /api/v1/groups': SEE_GROUPS,
  'GET /api/v1/groups/:id': SEE_GROUPS,
  'POST /api/v1/groups': GROUPS,
  'PATCH /api/v1/groups/:id': GROUPS,
  'DELETE /api/v1/groups/:id': GROUPS,
  'GET /api/v1/permissions': SEE_ROLES,
  'GET /api/v1/roles': SEE_ROLES,
  'GET /api/v1/roles/:id': SEE_ROLES,
  'POST /api/v1/roles': ROLES,
  'PATCH /api/v1/roles/:id': ROLES,
  'DELETE /api/v1/roles/:id': ROLES,
  'GET /api/v1/templates': SIGNED_IN,
  'GET /api/v1/templates/:id': SIGNED_IN,
  'GET /api/v1/templates/:id/versions': SEE_TEXTS,
  'GET /api/v1/templates/:id/versions/:number': SEE_TEXTS,
  'GET /api/v1/templates/:id/versions/:number/diff/:other': SEE_TEXTS,
  'POST /api/v1/templates': TEMPLATES,
  'PUT /api/v1/templates/:id': TEMPLATES,
  'DELETE /api/v1/templates/:id': TEMPLATES,
  'POST /api/v1/templates/:id/roll-back': TEMPLATES,
  'GET /api/v1/templates/:id/behind': [['spaces.see', 'spaces.manage'], 'read'],
  'GET /api/v1/templates/:id/impact': [['spaces.see', 'spaces.manage'], 'read'],
  'GET /api/v1/labels': SIGNED_IN,
  'PUT /api/v1/labels/:kind/:id': ['signed-in', 'spaces'],
  'GET /api/v1/roll-outs': [['spaces.see', 'spaces.manage'], 'read'],
  'GET /api/v1/roll-outs/:id': [['spaces.see', 'spaces.manage'], 'read'],
  'GET /api/v1/roll-outs/:id/spaces': [['spaces.see', 'spaces.manage'], 'read'],
  'POST /api/v1/roll-outs': [['spaces.manage'], '*'],
  'POST /api/v1/roll-outs/:id/hold': [['spaces.manage'], '*'],
  'POST /api/v1/roll-outs/:id/resume': [['spaces.manage'], '*'],
  'POST /api/v1/roll-outs/:id/end': [['spaces.manage'], '*'],
  'POST /api/v1/roll-outs/:id/back': [['spaces.manage'], '*'],
  'POST /api/v1/templates/:id/render-test': TEMPLATES,
  'POST /api/v1/templates/:id/versions/:number/approve': [['templates.approve'], '*'],
  'GET /api/v1/variables': SEE_VARIABLES,
  'GET /api/v1/variables/:id': SEE_VARIABLES,
  'POST /api/v1/variables': VARIABLES,
  'PUT /api/v1/variables/:id': VARIABLES,
  'DELETE /api/v1/variables/:id': VARIABLES,
  'GET /api/v1/volumes': SEE_VOLUMES,
  'GET /api/v1/volumes/:id': SEE_VOLUMES,
  'POST /api/v1/volumes': VOLUMES,
  'PATCH /api/v1/volumes/:id': VOLUMES,
  'DELETE /api/v1/volumes/:id': VOLUMES,
  'GET /api/v1/spaces': SIGNED_IN,
  'GET /api/v1/spaces/:id': SIGNED_IN,
  'POST /api/v1/spaces': [['spaces.use'], 'spaces'],
  'PATCH /api/v1/spaces/:id': OWN_SPACE,
  'DELETE /api/v1/spaces/:id': OWN_SPACE,
  'POST /api/v1/spaces/:id/start': OWN_SPACE,
  'POST /api/v1/spaces/:id/stop': OWN_SPACE,
  'POST /api/v1/spaces/:id/restart': OWN_SPACE,
  'POST /api/v1/spaces/:id/update': OWN_SPACE,
  'POST /api/v1/spaces/:id/extend': OWN_SPACE,
  'GET /api/v1/spaces/:id/logs': OWN_SPACE,
  'GET /api/v1/spaces/:id/terminals': OWN_SPACE,
  'DELETE /api/v1/spaces/:id/terminals/:terminal': OWN_SPACE,
  'POST /api/v1/spaces/:id/tickets': OWN_SPACE,
  'POST /api/v1/grants': OWN_SPACE,
  'POST /api/v1/spaces/:id/share': [['spaces.share', 'spaces.manage'], '*'],
  'PUT /api/v1/spaces/:id/port-shares/:port': [['spaces.share', 'spaces.manage'], '*'],
  'POST /api/v1/spaces/:id/transfer': [['spaces.transfer', 'spaces.manage'], '*'],
  'GET /api/v1/offers': SIGNED_IN,
  'POST /api/v1/offers/:id/accept': ['signed-in', '*'],
  'DELETE /api/v1/offers/:id': ['signed-in', '*'],
  'GET /api/v1/locations': SIGNED_IN,
  'GET /api/v1/locations/:name': SIGNED_IN,
  'POST /api/v1/locations/:name/token': LOCATIONS,
  'POST /api/v1/locations/:name/instances/:instance/approve': LOCATIONS,
  'POST /api/v1/locations/:name/instances/:instance/revoke': LOCATIONS,
  'PUT /api/v1/locations/:name/policy': LOCATIONS,
  'POST /api/v1/locations/:name/force-forget': LOCATIONS,
  'POST /api/v1/locations/:name/bulk-delete': [['spaces.manage'], '*'],
  'GET /api/v1/locations/:name/orphans': SEE_LOCATIONS,
  'POST /api/v1/locations/:name/orphans/:spaceId/adopt': LOCATIONS,
  'POST /api/v1/locations/:name/orphans/:spaceId/remove': LOCATIONS,
  'GET /api/v1/operations': SIGNED_IN,
  'GET /api/v1/operations/:id': SIGNED_IN,
  'GET /api/v1/events': SIGNED_IN,
  'GET /api/v1/audit': AUDIT,
  'GET /api/v1/audit/check': AUDIT,
  'GET /api/v1/audit/export': AUDIT,
  'POST /api/v1/restore/accept': [['server.manage'], '*'],
  'GET /livez': ANYONE,
  'GET /readyz': ANYONE,
  'GET /health': ANYONE,
  'GET /api/v1/health': [['server.see'], 'read'],
  'GET /metrics': [['server.see'], 'read'],
  'GET /api/v1/version': ANYONE,
};

interface Asker {
  readonly name: string;
  readonly actor: Actor | null;
}

function asker(name: string, permissions: readonly Permission[], scopes?: readonly TokenScope[]): Asker {
  const role = permissions === ALL_PERMISSIONS ? 'administrator' : 'user';
  const via = scopes ? 'token' : 'session';
  const about = { id: 'me', username: 'me', groups: [], role, permissions } as const;
  return { name, actor: { ...about, via, scopes: scopes ?? ['*'], provedAt: NOW } };
}

const ASKERS: readonly Asker[] = [
  { name: 'nobody', actor: null },
  asker('an administrator', ALL_PERMISSIONS),
  asker('a user', ['spaces.use']),
  asker('a user without any role', []),
  ...ALL_PERMISSIONS.map((permission) => asker(`a role with ${permission} alone`, [permission])),
  ...TOKEN_SCOPES.map((scope) => asker(`an administrator's token for ${scope}`, ALL_PERMISSIONS, [scope])),
  ...TOKEN_SCOPES.map((scope) => asker(`a user's token for ${scope}`, ['spaces.use'], [scope])),
];

/** What the table says of an asker: null where they may, else the code of the refusal. */
function expected({ actor }: Asker, [who, scope]: Open): string | null {
  if (who === 'anyone') return null;
  if (!actor) return 'auth.required';
  const ofSpacesAlone = actor.via === 'token' && actor.scopes.join() === 'spaces';
  const has = actor.permissions.filter((permission) => !ofSpacesAlone || permission === 'spaces.use');
  if (who !== 'signed-in' && !who.some((permission) => has.includes(permission))) return 'access.denied';
  if (actor.via === 'session' || scope === 'read') return null;
  if (scope === 'session') return 'access.denied';
  const [shown = 'read'] = actor.scopes;
  return shown === '*' || (scope === 'spaces' && shown === 'spaces') ? null : 'access.denied';
}

interface Route {
  readonly key: string;
  readonly handler: () => unknown;
}

function routes(): readonly Route[] {
  return (OriginModule.over([]).controllers ?? []).flatMap((controller) => {
    const base: string = Reflect.getMetadata('path', controller);
    return Object.getOwnPropertyNames(controller.prototype)
      .filter((name) => name !== 'constructor')
      .map((name) => controller.prototype[name])
      .filter((handler) => typeof handler === 'function' && Reflect.hasMetadata('path', handler))
      .map((handler) => {
        const path = [base, Reflect.getMetadata('path', handler)].map((part) => String(part).replace(/^\/|\/$/g, ''));
        const method = RequestMethod[Reflect.getMetadata('method', handler)];
        return { key: `${method} /${path.filter((part) => part !== '').join('/')}`, handler };
      });
  });
}

/** What the guard says: null where it lets the asker through. */
function guarded({ handler }: Route, { actor }: Asker): string | null {
  const request = { headers: {}, ip: '192.0.2.1', raw: { socket: {} }, socket: {} } as unknown as FastifyRequest;
  if (actor) remember(request, { actor, proofId: 'proof' });
  const context = { getHandler: () => handler, switchToHttp: () => ({ getRequest: () => request }) };
  try {
    new IdentityGuard({ now: () => NOW }).canActivate(context as unknown as ExecutionContext);
    return null;
  } catch (error) {
    return isKnotError(error) ? error.code : String(error);
  }
}

describe('every route', () => {
  it('stands in the table, and the table names no other', () => {
    expect(
      routes()
        .map(({ key }) => key)
        .sort(),
    ).toEqual(Object.keys(TABLE).sort());
  });

  it.each(ASKERS)('lets $name through exactly where the table says so', (who) => {
    const outcomes = routes().map((route) => [route.key, guarded(route, who)]);
    const wanted = routes().map(({ key }) => [key, expected(who, TABLE[key] ?? ANYONE)]);
    expect(Object.fromEntries(outcomes)).toEqual(Object.fromEntries(wanted));
  });
});
