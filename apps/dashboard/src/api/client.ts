import createClient from 'openapi-fetch';
import type { paths } from '@knot/contract';
import { parseProblem, unreachable } from './parse-problem.js';
import type { ApiProblem } from './problem.js';
import { randomUuid } from './random-uuid.js';
import { ServerClock } from './server-clock.js';

/** ms until an answer is given up. */
const DEADLINE = 30_000;

export const serverClock = new ServerClock();

/** Same-origin fetch with a deadline; a POST whose answer was lost is sent once more under its idempotency key. */
async function send(request: Request): Promise<Response> {
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(DEADLINE)]);
  if (request.method === 'POST') request.headers.set('idempotency-key', randomUuid());
  const again = request.method === 'POST' ? request.clone() : null;
  const sent = Date.now();
  try {
    const response = await fetch(request, { signal });
    serverClock.learn(response.headers.get('date'), sent);
    return response;
  } catch (error) {
    if (again === null || !(error instanceof TypeError)) throw error;
    return fetch(again, { signal });
  }
}

const client = createClient<paths>({ baseUrl: window.location.origin, credentials: 'same-origin', fetch: send });

export const api = client;

interface Answer<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

/** The answer's body; throws an ApiProblem when the server refused or could not be reached. */
export async function told<T>(asked: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await asked.catch((reason: unknown) => {
    throw reason instanceof DOMException && reason.name === 'AbortError' ? reason : unreachable();
  });
  if (!response.ok || data === undefined) throw problemOf(error, response);
  return data;
}

/** For deeds that answer nothing. */
export async function done(asked: Promise<Answer<unknown>>): Promise<void> {
  const { error, response } = await asked.catch(() => {
    throw unreachable();
  });
  if (!response.ok) throw problemOf(error, response);
}

function problemOf(error: unknown, response: Response): ApiProblem {
  return parseProblem(error, response.status);
}
