import { request as httpRequest, Agent as HttpAgent, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { KnotError } from '@knot/shared/errors';
import { givenUp } from '../clock.js';
import { HttpExchange, type Answer } from '../http-exchange.js';
import { CredentialSource, type Credentials } from './credentials.js';
import type { KubernetesOptions } from './options.js';

export interface Call {
  readonly method: 'GET' | 'PATCH' | 'POST' | 'PUT' | 'DELETE';
  /** Path and query. */
  readonly path: string;
  readonly body?: unknown;
  readonly type?: string;
}

/** HTTP to the API server over kept connections. */
export class Transport {
  private readonly credentials: CredentialSource;
  private readonly keep = { keepAlive: true, maxSockets: 64, scheduling: 'lifo' } as const;
  private readonly secure = new HttpsAgent(this.keep);
  private readonly plain = new HttpAgent(this.keep);
  private readonly exchange: HttpExchange;
  /** How many calls the API server has answered, whatever it said but that it cannot. */
  answered = 0;

  constructor(options: KubernetesOptions) {
    const { clock, callMs } = options;
    this.credentials = new CredentialSource(options, clock);
    const silence = {
      late: (ms: number) => this.late(ms),
      unreachable: (why: string, cause: unknown) => this.unreachable(why, cause),
    };
    this.exchange = new HttpExchange({ clock, callMs, silence });
  }

  get where(): string {
    return this.credentials.where;
  }

  async call(call: Call, signal: AbortSignal): Promise<Answer> {
    const answer = await this.attempt(call, signal);
    if (answer.status < 500) this.answered += 1;
    // a token may have been renewed since it was read: once more with what is there now
    if (answer.status !== 401) return answer;
    this.credentials.forget();
    return this.attempt(call, signal);
  }

  private async attempt(call: Call, signal: AbortSignal): Promise<Answer> {
    if (signal.aborted) throw givenUp();
    const credentials = await this.credentials.current();
    return this.exchange.call(() => this.begin(call, credentials), signal, call.method === 'GET');
  }

  /** An answer that goes on: resolves with its head, the body is the caller's to read. Ends by the signal. */
  async open(path: string, signal: AbortSignal): Promise<IncomingMessage> {
    const credentials = await this.credentials.current();
    const response = await this.exchange.open(() => this.begin({ method: 'GET', path }, credentials), signal);
    if (response.statusCode === 401) this.credentials.forget();
    return response;
  }

  private begin({ method, path, body, type }: Call, { server, request }: Credentials): ClientRequest {
    const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const secure = server.protocol === 'https:';
    const sent = (secure ? httpsRequest : httpRequest)({
      agent: secure ? this.secure : this.plain,
      ...request,
      protocol: server.protocol,
      hostname: server.hostname.replace(/^\[|\]$/g, ''),
      port: server.port,
      path: server.pathname.replace(/\/+$/, '') + path,
      method,
      headers: {
        ...request.headers,
        Accept: 'application/json',
        'User-Agent': 'knot',
        ...(payload && { 'Content-Type': type ?? 'application/json', 'Content-Length': payload.length }),
      },
    });
    sent.end(payload);
    return sent;
  }

  private late(ms: number): KnotError {
    return new KnotError('backend.unavailable', `Kubernetes at ${this.where} did not answer within ${ms} ms.`);
  }

  private unreachable(why: string, cause: unknown): KnotError {
    return new KnotError(
      'backend.unavailable',
      `Kubernetes at ${this.where} does not answer (${why}).`,
      'Is the API server up, and are server.kubernetes.kubeconfig and context right? knot keeps trying.',
      {},
      { cause },
    );
  }
}
