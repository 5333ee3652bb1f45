import type { RandomSource } from '@knot/shared';
import type { NewRow } from '@knot/shared/store';
import type { Visitor } from '../http/call.js';
import { SESSION_LIFE_MS, newSessionSecret } from './proofs.js';

/** A session that nobody had before: what a browser showed until now is worth nothing. */
export function newSession(
  userId: string,
  { address, userAgent }: Visitor,
  random: RandomSource,
  createdAt: number,
): { readonly secret: string; readonly row: NewRow<'session'> } {
  const { secret, id } = newSessionSecret(random);
  return { secret, row: { id, userId, createdAt, expiresAt: createdAt + SESSION_LIFE_MS, address, userAgent } };
}
