import type { IncomingMessage } from 'node:http';
import { APP_COOKIE_MS, PORT_HOST_HEADER } from '@knot/contract';
import { appPlace, parseApp, type AppName, type AppNaming } from '@knot/domain';
import { AppDoor, enterApp, ticketRefused, type AppAsked, type ClientAddress, type OpenedApp } from '@knot/link';
import { sha256Hex, type Clock, type Logger } from '@knot/shared';
import { isKnotError, toKnotError, type ErrorCode } from '@knot/shared/errors';
import type { Store } from '@knot/shared/store';
import type { Refusals } from '../audit/refusals.js';
import type { OpenUses } from '../bytes/open-uses.js';
import type { SpaceWays } from '../bytes/space-ways.js';
import type { AppAccess, OpenApp } from './app-access.js';
import type { AppPasses } from './app-passes.js';

export const APP_OPEN_PATH = '/apps/open';

export interface OriginAppsParts {
  readonly naming: AppNaming;
  /** No port proxy at all. */
  readonly disabled: boolean;
  /** `server.url` as an origin. */
  readonly ownOrigin: string;
  readonly addressOf: ClientAddress;
  readonly store: Store;
  readonly clock: Clock;
  readonly access: AppAccess;
  readonly passes: AppPasses;
  readonly ways: SpaceWays;
  readonly uses: OpenUses;
  readonly refusals: Refusals;
  /** What the desktop of a space asks for. */
  readonly desktopPassword: (space: OpenApp['space']) => string;
  readonly logger: Logger;
}

/** Web apps of spaces behind the origin's own hosts, along the links of their leaves. */
export function originApps(parts: OriginAppsParts): AppDoor<AppName> {
  const { naming, disabled, ownOrigin, addressOf, refusals, logger } = parts;
  const { scheme } = naming;
  return new AppDoor({
    hosts: { scheme, parse: (...at) => parseApp(naming, ...at), place: (name) => appPlace(naming, name) },
    disabled,
    addressOf,
    open: (asked) => opened(parts, asked),
    enter: (request, response, asked) =>
      enterApp(request, response, asked, {
        ...{ scheme, ownOrigin, cookieMs: APP_COOKIE_MS },
        trade: (ticket) => trade(parts, asked, ticket),
      }),
    signInAddress: (request) => `${ownOrigin}${APP_OPEN_PATH}?${whereOf(request).toString()}`,
    closedAddress: (request, code) => `${ownOrigin}${closedPath(whereOf(request), code)}`,
    home: () => ownOrigin,
    note: (error, address) => {
      refusals.note(error, { actor: '', address, action: 'app.open' });
      if (error.code === 'internal') logger.warn({ err: error }, 'a request to an app failed');
    },
  });
}

/** What a browser wants to open. */
function whereOf({ headers, url = '/' }: IncomingMessage): URLSearchParams {
  return new URLSearchParams({ host: (headers.host ?? '').replace(/:\d+$/, ''), path: url });
}

/** The dashboard's page that says why an app is not opened, by a code that it has words for. */
export function closedPath(where: URLSearchParams, code: ErrorCode): string {
  return `/app-closed?${new URLSearchParams([['code', code], ...where]).toString()}`;
}

async function opened(
  parts: OriginAppsParts,
  { name, host, site, cookie }: AppAsked<AppName>,
): Promise<OpenedApp | null> {
  const { access, uses, ways, desktopPassword } = parts;
  const app = await access.open(name, site, cookie);
  if (!app) return null;
  const { space, port, actor } = app;
  uses.assertRoom(space.id);
  const shown = actor === null ? '' : cookie;
  const basic = () => Buffer.from(`knot:${desktopPassword(space)}`).toString('base64');
  return {
    personal: actor !== null,
    ...(port.kind === 'desktop' && { authorization: `Basic ${basic()}` }),
    connect: () => {
      const way = { action: 'port', space: space.id, port: port.port } as const;
      return ways.open({ location: space.location, user: actor?.id ?? '', way }, { [PORT_HOST_HEADER]: host });
    },
    watch: (cut, over) => {
      const still = () => mayStill(access, app, name, site, shown);
      return uses.watch(space.id, { key: `${site} ${shown}`, still, cut }, over);
    },
  };
}

async function mayStill(access: AppAccess, { space }: OpenApp, name: AppName, site: string, cookie: string) {
  try {
    return (await access.open(name, site, cookie)) !== null;
  } catch (error) {
    // what is merely not offered for a moment ends by itself; whom a space is hidden from is told the same
    if (toKnotError(error).code !== 'resource.not_found') return false;
    const now = await access.spaceOf(name);
    return now?.id === space.id && now.ownerId === space.ownerId && !(await access.isOffered(now, name.port));
  }
}

/** A ticket for a cookie, once. */
async function trade(parts: OriginAppsParts, { name, site: host }: AppAsked<AppName>, ticket: string): Promise<string> {
  const { access, passes, store, clock } = parts;
  const space = await access.spaceOf(name);
  const pass = space && (await passes.read(ticket, space.location, { kind: 'ticket', host, space: space.id }));
  if (!pass) throw ticketRefused();
  const id = sha256Hex(`app ticket ${pass.id}`);
  const row = { id, requestHash: '', status: 303, response: null, createdAt: clock.now() };
  try {
    const expect = [{ kind: 'idempotency' as const, id, version: 0 }];
    await store.commit({ expect, writes: [{ put: 'idempotency', row }] });
  } catch (error) {
    throw isKnotError(error, 'store.conflict') ? ticketRefused() : error;
  }
  const { session, user, group, local } = pass;
  return passes.make(space.location, { kind: 'cookie', host, space: space.id, session, user, group, local });
}
