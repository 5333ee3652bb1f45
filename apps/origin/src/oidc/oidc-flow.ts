import type { SignInProblem } from '@knot/domain';
import { sealContext, type KeyRing } from '@knot/shared';
import { KnotError } from '@knot/shared/errors';
import { parseFlow, type OidcFlow } from './parse-flow.js';

const LIFE_MS = 10 * 60_000;
const CONTEXT = sealContext('session', 'oidc', 'flow');

export function sealFlow(keys: KeyRing, flow: Omit<OidcFlow, 'until'>, now: number): string {
  return keys.sealText(JSON.stringify({ ...flow, until: now + LIFE_MS }), CONTEXT);
}

/** Throws `auth.failed` where the browser shows none, or one that has run out. */
export function openFlow(keys: KeyRing, sealed: string, now: number): OidcFlow {
  const flow = sealed === '' ? null : parseFlow(keys, sealed, CONTEXT);
  if (flow && flow.until > now) return flow;
  throw new KnotError('auth.failed', 'This sign-in was not begun here, or too long ago.', 'Begin it anew.', {
    problem: 'not-begun' satisfies SignInProblem,
  });
}
