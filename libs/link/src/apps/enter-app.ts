import type { IncomingMessage, ServerResponse } from 'node:http';
import { KnotError } from '@knot/shared/errors';
import { appCookieName, type AppAsked } from './app-door.js';
import { pathWithin } from './app-request.js';
import { ownPath } from './own-path.js';
import { APP_ENTRY, refuse } from './refusal.js';

const ENTER = `${APP_ENTRY}enter`;
const LONGEST_FORM = 8_192;
const FORM_MS = 10_000;

/** Where a browser's form posts the ticket to. */
export function appEntryAddress(
  { scheme, port }: { readonly scheme: string; readonly port: string },
  { host, base }: { readonly host: string; readonly base: string },
): string {
  return `${scheme}://${host}${port}${base}${ENTER}`;
}

export interface AppEntryDeed {
  readonly scheme: 'http' | 'https';
  /** The dashboard's, as an origin: its page alone sends tickets. */
  readonly ownOrigin: string;
  readonly cookieMs: number;
  /** The cookie for a ticket. Throws `auth.failed` for one that is not good. */
  readonly trade: (ticket: string) => Promise<string>;
}

/** How a browser that is signed in at the dashboard becomes so at an app: it posts a ticket and gets a cookie. */
export async function enterApp(
  request: IncomingMessage,
  response: ServerResponse,
  { base }: Pick<AppAsked<unknown>, 'base'>,
  { scheme, ownOrigin, cookieMs, trade }: AppEntryDeed,
): Promise<void> {
  if (pathWithin(base, request.url) !== ENTER || request.method !== 'POST') {
    const nothing = { status: 404, code: 'input.invalid', text: 'There is nothing here.' };
    return refuse(request, response, { ...nothing, home: ownOrigin });
  }
  // only the dashboard's own page sends tickets, so nobody is signed in as somebody else by a page of theirs
  if (request.headers.origin !== ownOrigin) {
    throw new KnotError('access.csrf', 'The request came from a page of another site.');
  }
  const form = await formOf(request);
  const cookie = await trade(form.get('ticket') ?? '');
  const secure = scheme === 'https' ? '; Secure' : '';
  const age = Math.floor(cookieMs / 1000);
  response.writeHead(303, {
    location: `${base}${ownPath(form.get('path') ?? undefined)}`,
    'set-cookie': `${appCookieName(scheme, base)}=${cookie}; Path=${base}/; HttpOnly; SameSite=Lax; Max-Age=${age}${secure}`,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    connection: 'close',
  });
  response.end();
}

/** What is said of a ticket that lets nobody in. */
export function ticketRefused(): KnotError {
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
