import { ERROR_CODES, KnotError, type ErrorCode } from '@knot/shared/errors';

/** Members of problem+json that are no further facts. */
const OWN_MEMBERS = new Set(['type', 'title', 'status', 'code', 'detail', 'hint']);

/** The error that an answer's problem+json tells of; undefined where the body is no such thing. */
export function parseProblem(text: string): KnotError | undefined {
  const body = parseObject(text);
  if (body === undefined) return undefined;
  const { code, detail, hint, status } = body;
  if (typeof code !== 'string' || typeof detail !== 'string') return undefined;
  const details = Object.fromEntries(Object.entries(body).filter(([name]) => !OWN_MEMBERS.has(name)));
  return new KnotError(knownCode(code, status), detail, typeof hint === 'string' ? hint : '', details);
}

/** A newer server may have codes that this program does not know: then one of the same status. */
function knownCode(code: string, status: unknown): ErrorCode {
  const known = Object.keys(ERROR_CODES) as ErrorCode[];
  return known.find((one) => one === code) ?? known.find((one) => ERROR_CODES[one].http === status) ?? 'internal';
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
