import { texts } from '../texts/texts.js';
import { ApiProblem, type Problem } from './problem.js';

/** Any error body as a problem; what a proxy on the way or a crashed server says too. */
export function parseProblem(body: unknown, status: number): ApiProblem {
  if (isRecord(body) && typeof body['code'] === 'string' && typeof body['detail'] === 'string') {
    const { type, title, status: own, code, detail, hint, ...facts } = body;
    const problem: Problem = {
      type: text(type),
      // in the language of the page; a code of a newer server by the server's word
      title: texts.problemTitles[code] ?? (text(title) || texts.errors.title),
      status: typeof own === 'number' ? own : status,
      code,
      detail,
      hint: text(hint),
    };
    return new ApiProblem(problem, facts);
  }
  return new ApiProblem(
    {
      type: 'urn:knot:error:server.unavailable',
      title: texts.errors.title,
      status,
      code: 'server.unavailable',
      detail: texts.errors.noProblem(status),
      hint: texts.errors.retryHint,
    },
    {},
    'page',
  );
}

/** The server could not be reached at all. */
export function unreachable(): ApiProblem {
  return new ApiProblem(
    {
      type: 'urn:knot:error:server.unavailable',
      title: texts.errors.unreachableTitle,
      status: 0,
      code: 'server.unavailable',
      detail: texts.errors.unreachable,
      hint: texts.errors.retryHint,
    },
    {},
    'page',
  );
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
