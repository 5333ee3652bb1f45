import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isReadByPerson } from './app-request.js';
import { ownPath } from './own-path.js';
import { languageFor, refusalWords } from './refusal-words.js';

/** Paths at an app's host that are knot's own. */
export const APP_ENTRY = '/.knot/';

export interface Refusal {
  readonly status: number;
  /** The code of an error, or `page.none`, of which the page has words. */
  readonly code: string;
  /** What a program is told, and beneath its own words the page says. */
  readonly text: string;
  /** The dashboard's address; absent where it is not known. */
  readonly home?: string;
}

const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:36rem;margin:20vh auto;padding:0 1rem;color-scheme:light dark}h1{font-size:1.4rem}a{margin-right:1.5rem}small{opacity:.7}';
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/**
 * A short answer of knot's own, after which the connection ends: what else the client sends is not read. A page where a
 * person reads it, else a line of text.
 */
export function refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
  const isPage = isReadByPerson(request);
  response.writeHead(refusal.status, {
    'content-type': isPage ? 'text/html; charset=utf-8' : 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(isPage && {
      'content-security-policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'`,
    }),
    connection: 'close',
  });
  response.end(isPage ? pageOf(request, refusal) : `${refusal.text}\n`);
}

function pageOf({ headers, url = '/' }: IncomingMessage, { code, text, home = '' }: Refusal): string {
  const language = languageFor(headers['accept-language']);
  const { title: noApp, noPage, why, otherwise, again, toSpaces } = refusalWords(language);
  const title = code === 'page.none' ? noPage : noApp;
  const entry = url.indexOf(APP_ENTRY);
  // a form is not sent twice
  const same = entry === -1 ? '' : ownPath(`${url.slice(0, entry)}/`);
  const spaces = home === '' ? '' : `<a href="${escaped(home)}/spaces">${toSpaces}</a>`;
  return `<!doctype html><html lang="${language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title><style>${STYLE}</style><h1>${title}</h1><p>${Object.hasOwn(why, code) ? why[code] : otherwise}</p>
<p><a href="${escaped(same)}">${again}</a>${spaces}</p><p><small lang="en">${escaped(text)}</small></p></html>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
