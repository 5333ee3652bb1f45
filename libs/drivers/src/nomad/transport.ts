import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { KnotError } from '@knot/shared/errors';
import { HttpExchange, type Answer } from '../http-exchange.js';
import type { NomadOptions } from './options.js';

export interface Call {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Path and query, beginning with /v1/. */
  readonly path: string;
  readonly body?: unknown;
}

/**
 * HTTP over kept connections. Node's own `http`, not its `fetch`: that takes neither a CA nor a client certificate
 * without a further package, and costs about twice the CPU per call.
 */
export class Transport {
  private readonly base: URL;
  private readonly agent: HttpAgent;
  private readonly send: typeof httpRequest;
  private readonly exchange: HttpExchange;

  constructor(private readonly options: NomadOptions) {
    this.base = baseOf(options.addr);
    if (!/^[\x21-\x7e]*$/.test(options.token.reveal())) {
      throw new KnotError('config.invalid', 'server.nomad.token holds a character that no token has.');
    }
    const keep = { keepAlive: true, maxSockets: 64, scheduling: 'lifo' } as const;
    const secure = this.base.protocol === 'https:';
    this.agent = secure ? new HttpsAgent({ ...keep, ...options.tls }) : new HttpAgent(keep);
    this.send = secure ? httpsRequest : httpRequest;
    const { clock, callMs } = options;
    const silence = {
      late: (ms: number) => this.late(ms),
      unreachable: (why: string, cause: unknown) => this.unreachable(why, cause),
    };
    this.exchange = new HttpExchange({ clock, callMs, silence });
  }

  /** Host and port, for messages: no user, no password, no query. */
  get where(): string {
    return this.base.host;
  }

  call(call: Call, signal: AbortSignal): Promise<Answer> {
    return this.exchange.call(() => this.begin(call), signal, call.method === 'GET');
  }

  /** An answer that goes on: resolves with its head, the body is the caller's to read. Ends by the signal. */
  open(path: string, signal: AbortSignal): Promise<IncomingMessage> {
    return this.exchange.open(() => this.begin({ method: 'GET', path }), signal);
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

  private unreachable(why: string, cause: unknown): KnotError {
    return new KnotError(
      'backend.unavailable',
      `Nomad at ${this.where} does not answer (${why}).`,
      'Is Nomad running, and is server.nomad.addr right? knot keeps trying.',
      {},
      { cause },
    );
  }
}

function baseOf(addr: string): URL {
  const url = URL.canParse(addr) ? new URL(addr) : null;
  if (url && (url.protocol === 'http:' || url.protocol === 'https:')) return url;
  const hint = 'Write it like http://127.0.0.1:4646.';
  throw new KnotError('config.invalid', 'server.nomad.addr is not an http or https address.', hint);
}
