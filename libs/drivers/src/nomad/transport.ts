import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { KnotError } from '@knot/shared/errors';
import { givenUp } from '../clock.js';
import type { NomadOptions } from './options.js';

export interface Call {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Path and query, beginning with /v1/. */
  readonly path: string;
  readonly body?: unknown;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

const CALL_MS = 15_000;
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/**
 * HTTP over kept connections. Node's own `http`, not its `fetch`: that takes neither a CA nor a client certificate
 * without a further package, and costs about twice the CPU per call.
 */
export class Transport {
  private readonly base: URL;
  private readonly agent: HttpAgent;
  private readonly send: typeof httpRequest;

  constructor(private readonly options: NomadOptions) {
    this.base = baseOf(options.addr);
    if (!/^[\x21-\x7e]*$/.test(options.token.reveal())) {
      throw new KnotError('config.invalid', 'server.nomad.token holds a character that no token has.');
    }
    const keep = { keepAlive: true, maxSockets: 64, scheduling: 'lifo' } as const;
    const secure = this.base.protocol === 'https:';
    this.agent = secure ? new HttpsAgent({ ...keep, ...options.tls }) : new HttpAgent(keep);
    this.send = secure ? httpsRequest : httpRequest;
  }

  /** Host and port, for messages: no user, no password, no query. */
  get where(): string {
    return this.base.host;
  }

  async call(call: Call, signal: AbortSignal): Promise<Answer> {
    try {
      return await this.once(call, signal);
    } catch (error) {
      // The server had closed a kept connection that looked open: what changes nothing may simply be asked again.
      if (error instanceof StaleConnection && call.method === 'GET') return this.once(call, signal);
      throw error instanceof StaleConnection ? this.unreachable(error.cause) : error;
    }
  }

  private once(call: Call, signal: AbortSignal): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(givenUp());
      const request = this.begin(call);
      const { clock, callMs = CALL_MS } = this.options;
      const settle = (deed: () => void) => {
        clock.clearTimeout(deadline);
        signal.removeEventListener('abort', onAbort);
        deed();
      };
      const end = (error: unknown) => settle(() => (reject(error), request.destroy()));
      const onAbort = () => end(givenUp());
      const deadline = clock.setTimeout(() => end(this.late(callMs)), callMs);
      signal.addEventListener('abort', onAbort, { once: true });
      request.on('error', (cause) =>
        end(isStale(request, cause) ? new StaleConnection(cause) : this.unreachable(cause)),
      );
      request.on('response', (response) => {
        collect(response).then(
          (text) => settle(() => resolve({ status: response.statusCode ?? 0, headers: response.headers, text })),
          (cause: unknown) => end(this.unreachable(cause)),
        );
      });
    });
  }

  /** An answer that goes on: resolves with its head, the body is the caller's to read. Ends by the signal. */
  open(path: string, signal: AbortSignal): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(givenUp());
      const request = this.begin({ method: 'GET', path });
      const { clock, callMs = CALL_MS } = this.options;
      const deadline = clock.setTimeout(() => request.destroy(this.late(callMs)), callMs);
      const onAbort = () => request.destroy(givenUp());
      signal.addEventListener('abort', onAbort, { once: true });
      request.on('close', () => {
        clock.clearTimeout(deadline);
        signal.removeEventListener('abort', onAbort);
      });
      request.on('error', (cause) => reject(cause instanceof KnotError ? cause : this.unreachable(cause)));
      request.on('response', (response) => {
        clock.clearTimeout(deadline);
        resolve(response);
      });
    });
  }

  private begin({ method, path, body }: Call): ClientRequest {
    const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const token = this.options.token.reveal();
    const request = this.send({
      protocol: this.base.protocol,
      hostname: this.base.hostname.replace(/^\[|\]$/g, ''),
      port: this.base.port,
      path: this.base.pathname.replace(/\/+$/, '') + path,
      method,
      agent: this.agent,
      headers: {
        ...(token === '' ? {} : { 'X-Nomad-Token': token }),
        ...(payload && { 'Content-Type': 'application/json', 'Content-Length': payload.length }),
      },
    });
    request.end(payload);
    return request;
  }

  private late(ms: number): KnotError {
    return new KnotError('backend.unavailable', `Nomad at ${this.where} did not answer within ${ms} ms.`);
  }

  private unreachable(cause: unknown): KnotError {
    const why = cause instanceof Error ? (codeOf(cause) ?? cause.message) : 'unknown reason';
    return new KnotError(
      'backend.unavailable',
      `Nomad at ${this.where} does not answer (${why}).`,
      'Is Nomad running, and is server.nomad.addr right? knot keeps trying.',
      {},
      { cause },
    );
  }
}

class StaleConnection extends Error {
  constructor(override readonly cause: Error) {
    super('stale connection');
  }
}

function baseOf(addr: string): URL {
  const url = URL.canParse(addr) ? new URL(addr) : null;
  if (url && (url.protocol === 'http:' || url.protocol === 'https:')) return url;
  const hint = 'Write it like http://127.0.0.1:4646.';
  throw new KnotError('config.invalid', 'server.nomad.addr is not an http or https address.', hint);
}

function isStale(request: ClientRequest, cause: Error): boolean {
  return request.reusedSocket && codeOf(cause) === 'ECONNRESET';
}

function codeOf(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

async function collect(response: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of response) {
    const buffer = Buffer.isBuffer(piece) ? piece : Buffer.from(String(piece));
    bytes += buffer.length;
    if (bytes > MAX_ANSWER_BYTES) throw new Error(`an answer of more than ${MAX_ANSWER_BYTES} bytes`);
    pieces.push(buffer);
  }
  return Buffer.concat(pieces).toString('utf8');
}
