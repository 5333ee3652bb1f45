import { request as httpRequest, Agent as HttpAgent, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isKnotError, KnotError } from '@knot/shared/errors';
import { givenUp } from '../clock.js';
import { CredentialSource, type Credentials } from './credentials.js';
import type { KubernetesOptions } from './options.js';

export interface Call {
  readonly method: 'GET' | 'PATCH' | 'POST' | 'PUT' | 'DELETE';
  /** Path and query. */
  readonly path: string;
  readonly body?: unknown;
  readonly type?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

const CALL_MS = 15_000;
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** HTTP to the API server over kept connections. */
export class Transport {
  private readonly credentials: CredentialSource;
  private readonly keep = { keepAlive: true, maxSockets: 64, scheduling: 'lifo' } as const;
  private readonly secure = new HttpsAgent(this.keep);
  private readonly plain = new HttpAgent(this.keep);

  constructor(private readonly options: KubernetesOptions) {
    this.credentials = new CredentialSource(options, options.clock);
  }

  get where(): string {
    return this.credentials.where;
  }

  async call(call: Call, signal: AbortSignal): Promise<Answer> {
    const answer = await this.attempt(call, signal);
    // a token may have been renewed since it was read: once more with what is there now
    if (answer.status !== 401) return answer;
    this.credentials.forget();
    return this.attempt(call, signal);
  }

  private async attempt(call: Call, signal: AbortSignal): Promise<Answer> {
    try {
      return await this.once(call, signal);
    } catch (error) {
      // The server had closed a kept connection that looked open: what changes nothing may simply be asked again.
      if (error instanceof StaleConnection && call.method === 'GET') return this.once(call, signal);
      throw error instanceof StaleConnection ? this.unreachable(error.cause) : error;
    }
  }

  private async once(call: Call, signal: AbortSignal): Promise<Answer> {
    if (signal.aborted) throw givenUp();
    const credentials = await this.credentials.current();
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(givenUp());
      const request = this.begin(call, credentials);
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
  async open(path: string, signal: AbortSignal): Promise<IncomingMessage> {
    const credentials = await this.credentials.current();
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(givenUp());
      const request = this.begin({ method: 'GET', path }, credentials);
      const { clock, callMs = CALL_MS } = this.options;
      const deadline = clock.setTimeout(() => request.destroy(this.late(callMs)), callMs);
      const onAbort = () => request.destroy(givenUp());
      signal.addEventListener('abort', onAbort, { once: true });
      request.on('close', () => {
        clock.clearTimeout(deadline);
        signal.removeEventListener('abort', onAbort);
      });
      request.on('error', (cause) => reject(isKnotError(cause) ? cause : this.unreachable(cause)));
      request.on('response', (response) => {
        clock.clearTimeout(deadline);
        if (response.statusCode === 401) this.credentials.forget();
        resolve(response);
      });
    });
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

  private unreachable(cause: unknown): KnotError {
    const why = cause instanceof Error ? (codeOf(cause) ?? cause.message) : 'unknown reason';
    return new KnotError(
      'backend.unavailable',
      `Kubernetes at ${this.where} does not answer (${why}).`,
      'Is the API server up, and are server.kubernetes.kubeconfig and context right? knot keeps trying.',
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
