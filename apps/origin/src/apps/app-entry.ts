import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AppDomain, AppName } from '@knot/domain';
import { refuse } from '@knot/link';
import { sha256Hex, type Clock } from '@knot/shared';
import { isKnotError, KnotError } from '@knot/shared/errors';
import type { Store } from '@knot/shared/store';
import { ownPath } from '../http/own-path.js';
import type { AppAccess } from './app-access.js';
import { APP_COOKIE_MS, type AppPasses } from './app-passes.js';

/** Paths at an app's host that are knot's own. */
export const APP_ENTRY = '/.knot/';
const ENTER = `${APP_ENTRY}enter`;
export const APP_OPEN_PATH = '/apps/open';
const LONGEST_FORM = 8_192;
const FORM_MS = 10_000;

export interface AppEntryParts {
  readonly domain: AppDomain;
  /** `server.url` as an origin. */
  readonly ownOrigin: string;
  readonly store: Store;
  readonly clock: Clock;
  readonly access: AppAccess;
  readonly passes: AppPasses;
}

/** The name of the cookie at an app's host; browsers take the prefix over https only. */
export function appCookieName({ scheme }: AppDomain): string {
  return scheme === 'https' ? '__Host-knot-app' : 'knot-app';
}

/** Where a browser's form posts the ticket to. */
export function entryAddress({ scheme, port }: AppDomain, host: string): string {
  return `${scheme}://${host}${port}${ENTER}`;
}

/** How a browser that is signed in at the dashboard becomes so at an app: it posts a ticket and gets a cookie. */
export class AppEntry {
  constructor(private readonly parts: AppEntryParts) {}

  /** Where a browser goes that nobody is signed in with: to the dashboard, and back by itself. */
  signInAddress({ headers, url = '/' }: IncomingMessage): string {
    const query = new URLSearchParams({ host: (headers.host ?? '').replace(/:\d+$/, ''), path: url });
    return `${this.parts.ownOrigin}${APP_OPEN_PATH}?${query.toString()}`;
  }

  async enter(
    request: IncomingMessage,
    response: ServerResponse,
    { name, host }: { readonly name: AppName; readonly host: string },
  ): Promise<void> {
    if (request.url !== ENTER || request.method !== 'POST') return refuse(response, 404, 'There is nothing here.\n');
    // only the dashboard's own page sends tickets, so nobody is signed in as somebody else by a page of theirs
    if (request.headers.origin !== this.parts.ownOrigin) {
      throw new KnotError('access.csrf', 'The request came from a page of another site.');
    }
    const form = await formOf(request);
    const { location, session, space } = await this.useTicket(name, host, form.get('ticket') ?? '');
    const cookie = await this.parts.passes.make(location, { kind: 'cookie', host, space, session });
    response.writeHead(303, {
      location: ownPath(form.get('path') ?? undefined),
      'set-cookie': this.cookie(cookie),
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      connection: 'close',
    });
    response.end();
  }

  private async useTicket(name: AppName, host: string, ticket: string) {
    const { access, passes, store, clock } = this.parts;
    const space = await access.spaceOf(name);
    const pass = space && (await passes.read(ticket, space.location, { kind: 'ticket', host, space: space.id }));
    if (!pass) throw refused();
    const id = sha256Hex(`app ticket ${pass.id}`);
    const row = { id, requestHash: '', status: 303, response: null, createdAt: clock.now() };
    try {
      const expect = [{ kind: 'idempotency' as const, id, version: 0 }];
      await store.commit({ expect, writes: [{ put: 'idempotency', row }] });
    } catch (error) {
      throw isKnotError(error, 'store.conflict') ? refused() : error;
    }
    return { location: space.location, session: pass.session, space: space.id };
  }

  private cookie(value: string): string {
    const { domain } = this.parts;
    const secure = domain.scheme === 'https' ? '; Secure' : '';
    const age = Math.floor(APP_COOKIE_MS / 1000);
    return `${appCookieName(domain)}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${age}${secure}`;
  }
}

function refused(): KnotError {
  return new KnotError('auth.failed', 'The ticket is not good, or was used before.', 'Open the app from knot again.');
}

/** The fields of a form, which is small and comes soon. */
async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  const timer = setTimeout(() => request.destroy(), FORM_MS);
  try {
    let text = '';
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      text += String(chunk);
      if (text.length > LONGEST_FORM) throw new KnotError('input.too_large', 'The form is too large.');
    }
    return new URLSearchParams(text);
  } finally {
    clearTimeout(timer);
  }
}
