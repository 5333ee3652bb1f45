import type { IncomingMessage } from 'node:http';

/** What is wrong with a request to an app before anything is looked up; null where nothing is. */
export function malformed({ url = '', rawHeaders }: IncomingMessage): string | null {
  const hosts = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host');
  if (hosts.length !== 1) return 'A request names one host.';
  // a whole address on the first line may name another host than the header does
  if (!url.startsWith('/')) return 'A request names a path.';
  return null;
}

/** The path as an app has it that is found under `base`: without it. */
export function pathWithin(base: string, url = ''): string {
  return url.slice(base.length);
}

/** Whether it opens a page in a window of its own, by somebody's click or typing. */
export function opensPage(request: IncomingMessage): boolean {
  const { headers } = request;
  if (headers['sec-fetch-mode'] !== undefined) return isNavigation(request);
  return isSafe(request) && (headers.accept ?? '').includes('text/html');
}

/** Whether a person reads the answer in a window: after a click, typing, or a form. */
export function isReadByPerson({ headers }: IncomingMessage): boolean {
  const mode = headers['sec-fetch-mode'];
  return mode === undefined ? (headers.accept ?? '').includes('text/html') : mode === 'navigate';
}

function isNavigation(request: IncomingMessage): boolean {
  const { headers } = request;
  return isSafe(request) && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
}

function isSafe({ method }: IncomingMessage): boolean {
  return method === 'GET' || method === 'HEAD';
}

/**
 * Whether a request that shows a cookie may be from the app's own pages: a page of another site can make a browser send
 * the cookie, but not hide where the request comes from. `origin` is the app's own, `https://host`.
 */
export function fromOwnPages(request: IncomingMessage, origin: string): boolean {
  const { headers } = request;
  const site = headers['sec-fetch-site'];
  const from = headers.origin;
  // every browser says where a WebSocket comes from
  if (headers.upgrade !== undefined) return from === origin;
  if (site !== undefined) return site === 'same-origin' || site === 'none' || isNavigation(request);
  return from === undefined ? isSafe(request) : from === origin;
}
