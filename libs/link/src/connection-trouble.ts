import { KnotError } from '@knot/shared/errors';

/** A sentence and what to do, of an address like `host:port` and of what was seen there. */
type Tell = (at: string, seen: string) => readonly [message: string, hint: string];

const CHECK = 'Check server.origin_server: http:// or https://, host and port.';
const TRUST =
  'Set server.origin_fingerprint to the one that the origin prints when it starts, or server.origin_ca_file to a file ' +
  'with the certificate that vouches for it.';

/** What sockets, TLS and HTTP/2 say of a connection, in order: the first that matches is told. */
const TROUBLES: readonly (readonly [RegExp, Tell])[] = [
  [/ECONNREFUSED/, (at) => [`Nothing listens at ${at}.`, 'Start the origin, or correct server.origin_server.']],
  [
    /ENOTFOUND|EAI_AGAIN|Name resolution failed/,
    (at) => [`The name in ${at} is not known here.`, "Correct server.origin_server, or this machine's name service."],
  ],
  [/EHOSTUNREACH|ENETUNREACH/, (at) => [`There is no way from here to ${at}.`, CHECK]],
  [
    /wrong version number|packet length too long|record layer failure/i,
    (at) => [
      `${at} does not speak TLS.`,
      'If the origin listens without TLS, begin server.origin_server with http://.',
    ],
  ],
  [
    /no application protocol|h2 is not supported|ERR_HTTP2_ERROR/i,
    (at) => [`${at} speaks TLS, but not as a knot origin.`, 'Check host and port; a proxy before it must pass HTTP/2.'],
  ],
  [
    /altnames/i,
    (at) => [
      `The certificate of ${at} is made out to other names.`,
      'Name the origin as its certificate does, or pin it by server.origin_fingerprint.',
    ],
  ],
  [
    /has expired/,
    (at) => [`The certificate of ${at} has expired.`, 'Give the origin a new one; look at the clocks too.'],
  ],
  [/not yet valid/, (at) => [`The certificate of ${at} is not valid yet.`, 'Look at the clocks of both machines.']],
  [/self-signed|unable to (get|verify)|certificate/i, (at) => [`The certificate of ${at} is not trusted.`, TRUST]],
  [
    /(?<=HTTP status code )50[234]/,
    (at, status) => [
      `A proxy at ${at} does not reach the origin (${status}).`,
      'Start the origin, or correct where the proxy leads.',
    ],
  ],
  [
    /HTTP status code/,
    (at) => [
      `${at} answers, but leads no gRPC to a knot origin.`,
      'Check server.origin_server; a proxy before the origin has to pass HTTP/2 on below /knot.sync.v1. (see the guide "Behind a reverse proxy").',
    ],
  ],
  [/Protocol error/i, (at) => [`${at} answers, but not as a knot origin.`, CHECK]],
  [
    /Failed to connect|disconnected before secure TLS|Socket closed/i,
    (at) => [`${at} takes connections, but closes them without a word of a knot origin.`, CHECK],
  ],
  [/ETIMEDOUT|Deadline exceeded|DEADLINE/, (at) => [`${at} did not answer in time.`, 'It is asked again.']],
  [
    /Connection dropped|Keepalive|ECONNRESET|EPIPE|RST_STREAM|socket hang up|ENHANCE_YOUR_CALM/i,
    (at) => [`The connection to ${at} broke.`, 'It is made again.'],
  ],
];

/** Why an origin cannot be talked to, in words that stay the same while the reason does. */
export function connectionTrouble(raw: string, at: string): KnotError {
  const [pattern, tell] = TROUBLES.find(([one]) => one.test(raw)) ?? [];
  const [message, hint] = tell?.(at, pattern?.exec(raw)?.[0] ?? '') ?? [`${at}: ${plain(raw)}`, CHECK];
  return new KnotError('server.unavailable', message, hint);
}

/** Without the times and addresses that make each attempt's text another one. */
function plain(raw: string): string {
  const text = raw
    .replace(/\s*Resolution note:.*$/s, '')
    .replace(/\s*\(\d{4}-\d\d-\d\dT[^)]*\)/g, '')
    .replace(/^No connection established\. Last error:\s*/, '');
  return text.split('\n', 1)[0]?.trim() || 'it cannot be reached';
}
