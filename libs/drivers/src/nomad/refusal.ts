import { KnotError } from '@knot/shared/errors';
import type { Answer } from '../http-exchange.js';

/** What Nomad's validation says comes with status 500, so these texts tell it from trouble that passes by itself. */
const FOR_GOOD = /\d+ errors? occurred:|validation failed|^validation:|does not allow|contains? (a )?(space|null)/;
const CONFLICT = /Enforcing job modify index|in use by allocations|volume in use|max claims reached/i;
const MAX_TEXT = 600;

/** Nomad's refusal as an error of ours. `what` completes "Nomad refused to ...". */
export function refusalOf({ status, headers, text }: Answer, what: string): KnotError {
  const said = plainWords(text);
  if (status === 403 || status === 401) return forbidden(said, what);
  if (status === 409 || CONFLICT.test(text)) {
    return new KnotError('backend.conflict', `Nomad could not ${what} now: ${said}.`, '', { status });
  }
  if (status === 404) {
    // Lists and writes are never "not found" at Nomad for long: something went meanwhile, or this is no Nomad.
    const hint = 'If this stays: is server.nomad.addr the address of a Nomad agent?';
    return new KnotError('backend.unavailable', `Nomad failed to ${what} (404): ${said}.`, hint, { status });
  }
  if (status === 413 || (status >= 400 && status < 500 && status !== 429) || FOR_GOOD.test(text)) {
    return new KnotError('backend.invalid', `Nomad refused to ${what}: ${said}.`, 'Mend the template.', { status });
  }
  const seconds = Number(headers['retry-after']);
  const details = { status, ...(seconds > 0 && { retryAfterMs: seconds * 1_000 }) };
  return new KnotError('backend.unavailable', `Nomad failed to ${what} (${status}): ${said}.`, '', details);
}

function forbidden(said: string, what: string): KnotError {
  const unknown = /token not found|token expired|invalid token/i.test(said);
  return new KnotError(
    'backend.forbidden',
    unknown ? `Nomad does not know the token (403), so it refused to ${what}.` : `Nomad's token may not ${what} (403).`,
    'Check server.nomad.token and the policies of that token.',
    { status: 403 },
  );
}

/** Go's multi-line error lists as one line. */
export function plainWords(text: string): string {
  const words = text
    .split('\n')
    .map((line) => line.replace(/^\s*\*\s*/, '').trim())
    .filter((line) => line !== '' && !/^\d+ errors? occurred:$/.test(line))
    .map((line) => line.replace(/:? *\d+ errors? occurred:$/, ':'))
    .join(' ')
    .replace(/^rpc error: /i, '')
    .replace(/[\s.]+$/, '');
  if (words === '') return 'no reason given';
  return words.length > MAX_TEXT ? `${words.slice(0, MAX_TEXT)}…` : words;
}
