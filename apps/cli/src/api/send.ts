import { KnotError } from '@knot/shared/errors';
import { randomText, type Clock, type RandomSource } from '@knot/shared/config';
import { connectionCode, connectionError } from './connection-error.js';
import { parseProblem } from './parse-problem.js';

export interface SendPorts {
  /** The address as the user gave it, for sentences. */
  readonly server: string;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly random: RandomSource;
  /** 30 s unless given, ms. */
  readonly deadlineMs?: number;
}

/** A whole answer with its body, ms. */
const DEADLINE_MS = 30_000;
const KEY_HEADER = 'idempotency-key';
const KEY_LENGTH = 32;
/** The connection broke while the request was under way: whether it arrived is not known. */
const BROKEN = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/**
 * Sends a request and reads its answer whole. A POST gets an idempotency key, so that one whose answer was lost can be
 * sent again. Throws what the answer's problem says, or `server.unavailable`.
 */
export async function send(request: Request, ports: SendPorts): Promise<Response> {
  if (request.method === 'POST') request.headers.set(KEY_HEADER, randomText(KEY_LENGTH, ports.random));
  const again = mayRepeat(request) ? request.clone() : undefined;
  try {
    return await exchange(request, ports);
  } catch (error) {
    if (again === undefined || !BROKEN.has(connectionCode(error))) throw error;
    return exchange(again, ports);
  }
}

/** Keys belong to users, so a POST of nobody is not recognised when it comes twice. */
function mayRepeat({ method, headers }: Request): boolean {
  return method === 'GET' || (method === 'POST' && headers.has('authorization'));
}

async function exchange(request: Request, ports: SendPorts): Promise<Response> {
  const { server, clock, deadlineMs = DEADLINE_MS } = ports;
  const late = new AbortController();
  const timer = clock.setTimeout(() => {
    const message = `${server} did not answer within ${deadlineMs / 1000} seconds`;
    late.abort(new KnotError('server.unavailable', message, 'Try again later; its log may say more.'));
  }, deadlineMs);
  try {
    const response = await ports.fetch(request, { signal: late.signal });
    const text = await response.text();
    if (response.ok) return checkedAnswer(response, text, server);
    throw problemOf(response, text, server);
  } catch (error) {
    throw connectionError(server, error);
  } finally {
    clock.clearTimeout(timer);
  }
}

function checkedAnswer({ status, headers }: Response, text: string, server: string): Response {
  if (text === '') return new Response(null, { status, headers });
  const type = headers.get('content-type') ?? '';
  if (type.includes('application/json')) return new Response(text, { status, headers });
  throw notKnot(server, status, type);
}

/** The error of an answer that is no success. */
export function problemOf({ status, headers }: Response, text: string, server: string): KnotError {
  const problem = parseProblem(text);
  if (problem !== undefined) return withAdvice(problem, server);
  if (status >= 300 && status < 400) {
    const message = `${server} sends its visitors to ${headers.get('location') ?? 'another address'}`;
    return new KnotError('server.unavailable', message, 'Use that address as the server.');
  }
  if (status >= 502 && status <= 504) {
    const message = `a proxy answers for ${server}: the server behind it does not (${status})`;
    return new KnotError('server.unavailable', message, 'Try again later.');
  }
  return notKnot(server, status, headers.get('content-type') ?? '');
}

function notKnot(server: string, status: number, type: string): KnotError {
  const what = type === '' ? String(status) : `${status}, ${type}`;
  const hint = 'Check the address; this command needs a server with the API version 1.';
  return new KnotError('server.unavailable', `${server} answers, but not as knot does (${what})`, hint);
}

/** What to do about it, where the command line has another way than a browser. */
function withAdvice(problem: KnotError, server: string): KnotError {
  const { code, message, details } = problem;
  switch (code) {
    case 'auth.required':
      return new KnotError(code, message, `\`knot connect ${server}\` makes a new token.`, details);
    case 'access.denied':
      return new KnotError(
        code,
        message,
        `${problem.hint} \`knot connect ${server} --scope all\` makes a token for all that you may.`.trim(),
        details,
      );
    default:
      return problem;
  }
}
