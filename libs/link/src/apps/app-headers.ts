/** Of one connection; whoever stands between two of them makes their own. */
const OF_THE_CONNECTION = new Set([
  ...['connection', 'keep-alive', 'proxy-connection', 'proxy-authenticate', 'proxy-authorization'],
  ...['te', 'trailer', 'transfer-encoding', 'upgrade', 'expect'],
]);
/** What a client says of where it comes from is not believed. */
const FORWARDED = /^(forwarded|x-forwarded-.*|x-real-ip)$/;
/** API tokens and secrets of sessions of knot itself, wherever a client shows one. */
const OWN_SECRET = /^\s*bearer\s+kn[st]_/i;

export interface RequestChange {
  /** Names of cookies that are knot's own. */
  readonly ownCookies: readonly string[];
  readonly scheme: 'http' | 'https';
  /** What paths of this app begin with, for whom knows them from outside; '' where it has a host of its own. */
  readonly base: string;
  /** Of the client. */
  readonly address: string;
  /** Instead of what the client sent; absent: as it is. */
  readonly authorization?: string;
}

type Header = readonly [name: string, value: string];

/** The headers of a request as the app gets them: built anew, without what is knot's or the connection's. */
export function requestHeaders(raw: readonly string[], change: RequestChange): string[] {
  const headers = pairs(raw);
  const dropped = droppedOf(headers);
  const kept = headers.flatMap(([name, value]): Header[] => {
    const key = name.toLowerCase();
    if (dropped.has(key) || FORWARDED.test(key)) return [];
    if (key === 'authorization' && (change.authorization !== undefined || OWN_SECRET.test(value))) return [];
    if (key !== 'cookie') return [[name, value]];
    const cookies = withoutCookies(value, change.ownCookies);
    return cookies === '' ? [] : [[name, cookies]];
  });
  const host = headers.find(([name]) => name.toLowerCase() === 'host')?.[1] ?? '';
  const own: Header[] = [
    ['X-Forwarded-For', change.address],
    ['X-Forwarded-Proto', change.scheme],
    ['X-Forwarded-Host', host],
  ];
  if (change.base !== '') own.push(['X-Forwarded-Prefix', change.base]);
  if (change.authorization !== undefined) own.push(['Authorization', change.authorization]);
  return [...kept, ...own].flat();
}

/** nginx and what learned from it hold an answer back unless this says otherwise. */
const BUFFERING = 'X-Accel-Buffering';

/** What reaches beyond the paths of an app, where other apps are at the same host. */
const OF_THE_HOST = new Set(['service-worker-allowed', 'clear-site-data']);

export type AnswerChange = Pick<RequestChange, 'ownCookies' | 'base'>;

/**
 * The headers of an app's answer: no cookie of knot's, nothing that reaches apps beside it, and events are for now also where
 * a proxy buffers. `host` as it was asked.
 */
export function responseHeaders(raw: readonly string[], { ownCookies, base }: AnswerChange, host: string): string[] {
  const headers = pairs(raw);
  const dropped = droppedOf(headers);
  return [...headers, ...unbuffered(headers)]
    .flatMap(([name, value]): Header[] => {
      const key = name.toLowerCase();
      if (dropped.has(key) || (base !== '' && OF_THE_HOST.has(key))) return [];
      if (key === 'location' && base !== '') return [[name, locationWithin(base, value, host)]];
      return key === 'set-cookie' ? cookieWithin(base, value, ownCookies).map((one) => [name, one]) : [[name, value]];
    })
    .flat();
}

function unbuffered(headers: readonly Header[]): readonly Header[] {
  const isEvents = headers.some(
    (header) => isNamed(header, 'content-type') && /^\s*text\/event-stream\b/i.test(header[1]),
  );
  return isEvents && !headers.some((header) => isNamed(header, BUFFERING)) ? [[BUFFERING, 'no']] : [];
}

/** A cookie is for the app's own host and paths. */
function cookieWithin(base: string, value: string, ownCookies: readonly string[]): string[] {
  const [first = '', ...attributes] = value.split(';');
  if (ownCookies.includes(first.split('=')[0]?.trim() ?? '')) return [];
  const kept = attributes.filter((one) => !/^\s*domain\s*=/i.test(one));
  return [[first, ...kept.map((one) => one.replace(/^(\s*path\s*=\s*)(?=\/)/i, `$1${base}`))].join(';')];
}

/** The app knows its own paths only, and its host by the one that was asked for. */
function locationWithin(base: string, value: string, host: string): string {
  const [, own = '', path = ''] = /^(https?:\/\/[^/?#]*)?(\/(?!\/).*)$/i.exec(value) ?? [];
  if (path === '' || (own !== '' && URL.parse(own)?.host !== host.toLowerCase())) return value;
  // some go by X-Forwarded-Prefix
  return path.startsWith(`${base}/`) ? value : `${own}${base}${path}`;
}

/** The value of a cookie; '' where there is none, or more than one. */
export function cookieNamed(header: string, name: string): string {
  const values = header.split(';').flatMap((part) => {
    const at = part.indexOf('=');
    return part.slice(0, at).trim() === name ? [part.slice(at + 1).trim()] : [];
  });
  return values.length === 1 ? (values[0] ?? '') : '';
}

function withoutCookies(header: string, names: readonly string[]): string {
  const parts = header.split(';').map((part) => part.trim());
  return parts.filter((part) => part !== '' && !names.includes(part.split('=')[0]?.trim() ?? '')).join('; ');
}

/** Those of the connection, and those that the message itself names as such. */
function droppedOf(headers: readonly Header[]): ReadonlySet<string> {
  const named = headers
    .filter(([name]) => name.toLowerCase() === 'connection')
    .flatMap(([, value]) => value.split(',').map((one) => one.trim().toLowerCase()));
  return new Set([...OF_THE_CONNECTION, ...named.filter((one) => one !== 'host')]);
}

const isNamed = ([name]: Header, wanted: string) => name.toLowerCase() === wanted.toLowerCase();

function pairs(raw: readonly string[]): Header[] {
  return raw.flatMap((name, index): Header[] => (index % 2 === 0 ? [[name, raw[index + 1] ?? '']] : []));
}
