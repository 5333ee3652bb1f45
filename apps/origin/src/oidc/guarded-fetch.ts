import { lookup as lookUp, type LookupAddress } from 'node:dns';
import { request as plainRequest, type IncomingMessage } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { isIP } from 'node:net';
import { KnotError } from '@knot/shared/errors';
import { isAsked } from '../http/outside-addresses.js';

const DEADLINE_MS = 10_000;
const LARGEST = 1024 * 1024;

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
  if (isAsked(address, loopback)) return;
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
