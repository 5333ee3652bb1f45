import type { ClientRequest, IncomingMessage } from 'node:http';
import { isKnotError, type KnotError } from '@knot/shared/errors';
import { givenUp, type DriverClock } from './clock.js';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

/** What of a backend is told where it does not answer. */
export interface Silence {
  late(ms: number): KnotError;
  /** `why` is a code like ECONNREFUSED, or a message. */
  unreachable(why: string, cause: unknown): KnotError;
}

export interface ExchangeOptions {
  readonly clock: DriverClock;
  /** How long one call may take, ms. */
  readonly callMs?: number;
  readonly silence: Silence;
}

const CALL_MS = 15_000;
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** Calls of a backend's HTTP API, each with a deadline and ended by its signal. Throws `backend.unavailable`. */
export class HttpExchange {
  constructor(private readonly options: ExchangeOptions) {}

  /** The whole answer. `repeatable`: the call changes nothing. */
  async call(send: () => ClientRequest, signal: AbortSignal, repeatable: boolean): Promise<Answer> {
    try {
      return await this.once(send, signal);
    } catch (error) {
      if (!(error instanceof StaleConnection)) throw error;
      // The server had closed a kept connection that looked open: what changes nothing may simply be asked again.
      if (repeatable) return this.once(send, signal);
      throw this.unreachable(error.cause);
    }
  }

  /** An answer that goes on: resolves with its head, the body is the caller's to read. Ends by the signal. */
  open(send: () => ClientRequest, signal: AbortSignal): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(givenUp());
      const request = send();
      const { clock, callMs = CALL_MS, silence } = this.options;
      const deadline = clock.setTimeout(() => request.destroy(silence.late(callMs)), callMs);
      const onAbort = () => request.destroy(givenUp());
      signal.addEventListener('abort', onAbort, { once: true });
      request.on('close', () => {
        clock.clearTimeout(deadline);
        signal.removeEventListener('abort', onAbort);
      });
      request.on('error', (cause) => reject(isKnotError(cause) ? cause : this.unreachable(cause)));
      request.on('response', (response) => {
        clock.clearTimeout(deadline);
        resolve(response);
      });
    });
  }

  private once(send: () => ClientRequest, signal: AbortSignal): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(givenUp());
      const request = send();
      const { clock, callMs = CALL_MS, silence } = this.options;
      const settle = (deed: () => void) => {
        clock.clearTimeout(deadline);
        signal.removeEventListener('abort', onAbort);
        deed();
      };
      const end = (error: unknown) => settle(() => (reject(error), request.destroy()));
      const onAbort = () => end(givenUp());
      const deadline = clock.setTimeout(() => end(silence.late(callMs)), callMs);
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

  private unreachable(cause: unknown): KnotError {
    const why = cause instanceof Error ? (codeOf(cause) ?? cause.message) : 'unknown reason';
    return this.options.silence.unreachable(why, cause);
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

function collect(response: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let [bytes, isWhole] = [0, false];
    response.on('data', (piece: Buffer) => {
      pieces.push(piece);
      bytes += piece.length;
      if (bytes > MAX_ANSWER_BYTES) {
        reject(new Error(`an answer of more than ${MAX_ANSWER_BYTES} bytes`));
        response.destroy();
      }
    });
    response.on('end', () => {
      isWhole = true;
      resolve(Buffer.concat(pieces).toString('utf8'));
    });
    response.on('error', reject);
    // cut off before its end: told by an error as a rule, and by this in any case
    response.on('close', () => {
      if (!isWhole) reject(new Error('the answer was cut off'));
    });
  });
}
