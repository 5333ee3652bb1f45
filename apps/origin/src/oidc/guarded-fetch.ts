import { lookup as lookUp, type LookupAddress } from 'node:dns';
import { request as plainRequest, type IncomingMessage } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { BlockList, isIP } from 'node:net';
import { KnotError } from '@knot/shared/errors';

const DEADLINE_MS = 10_000;
const LARGEST = 1024 * 1024;

/** Where machines of a cloud tell their secrets, and what is no single machine. */
const NEVER = new BlockList();
NEVER.addSubnet('0.0.0.0', 8, 'ipv4');
NEVER.addSubnet('169.254.0.0', 16, 'ipv4');
NEVER.addSubnet('224.0.0.0', 3, 'ipv4');
NEVER.addAddress('100.100.100.200', 'ipv4');
NEVER.addAddress('::', 'ipv6');
NEVER.addSubnet('fe80::', 10, 'ipv6');
NEVER.addSubnet('ff00::', 8, 'ipv6');
NEVER.addAddress('fd00:ec2::254', 'ipv6');

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

export interface FetchRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | URLSearchParams | Uint8Array | ArrayBuffer | ReadableStream | null;
}

/**
 * A fetch for addresses that somebody else names: follows no redirect, reads 1 MiB at most, and dials the very address
 * that it has looked at. `loopback` says whether this machine itself may be asked.
 */
export function guardedFetch(loopback: boolean): (url: string, options: FetchRequest) => Promise<Response> {
  return async (url, { method = 'GET', headers = {}, body }) => {
    const target = new URL(url);
    const host = target.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0) assertAllowed(host, loopback);
    const text = await textOf(body);
    return new Promise<Response>((resolve, reject) => {
      const begin = target.protocol === 'https:' ? tlsRequest : plainRequest;
      const options = {
        method,
        headers: { ...headers },
        signal: AbortSignal.timeout(DEADLINE_MS),
        agent: false as const,
      };
      const sent = begin(target, { ...options, lookup: checkedLookUp(loopback) }, (answer) => {
        read(answer).then(resolve, reject);
      });
      sent.on('error', reject);
      sent.end(text);
    });
  };
}

type Answered = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

/** The connection takes what this answers: no second look-up comes between. */
function checkedLookUp(loopback: boolean) {
  return (host: string, options: { all?: boolean; family?: number | string }, done: Answered): void => {
    lookUp(host, { all: true }, (error, addresses) => {
      if (error) return done(error, []);
      try {
        for (const { address } of addresses) assertAllowed(address, loopback);
      } catch (refusal) {
        return done(refusal instanceof Error ? refusal : new Error(String(refusal)), []);
      }
      const [first] = addresses;
      if (options.all || !first) return done(null, addresses);
      return done(null, first.address, first.family);
    });
  };
}

function assertAllowed(address: string, loopback: boolean): void {
  const plain = address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '');
  const family = isIP(plain) === 4 ? 'ipv4' : 'ipv6';
  const mapped = family === 'ipv6' && plain.startsWith('::ffff:');
  if (!mapped && !NEVER.check(plain, family) && (loopback || !LOOPBACK.check(plain, family))) return;
  throw new KnotError('access.denied', `${address} is no address that this server asks.`, 'It is not of the outside.');
}

async function read(answer: IncomingMessage): Promise<Response> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    if (size > LARGEST) {
      answer.destroy();
      throw new KnotError('input.too_large', 'The answer is longer than 1 MiB.', 'It is no answer of a provider.');
    }
    chunks.push(chunk);
  }
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headers)) {
    if (typeof value === 'string') headers.set(name, value);
  }
  const status = answer.statusCode ?? 502;
  const empty = status === 204 || status === 304;
  return new Response(empty ? null : Buffer.concat(chunks), { status, headers });
}

async function textOf(body: FetchRequest['body']): Promise<Buffer> {
  if (body === null || body === undefined) return Buffer.alloc(0);
  return Buffer.from(await new Response(body instanceof Uint8Array ? Buffer.from(body) : body).arrayBuffer());
}
