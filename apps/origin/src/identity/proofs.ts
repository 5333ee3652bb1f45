import { createHash, timingSafeEqual } from 'node:crypto';
import { TOKEN_SCOPES, type Actor, type TokenScope } from '@knot/domain';
import { createToken, sha256Hex, type RandomSource } from '@knot/shared';
import { KnotError } from '@knot/shared/errors';
import type { Store, TokenRow, UserRow } from '@knot/shared/store';
import type { Call } from '../http/call.js';
import type { Proven } from '../http/request-identity.js';
import { suspendedSince } from '../restore/suspension.js';
import { heldBy } from '../roles/grants.js';

/** How long a session lasts after its sign-in. */
export const SESSION_LIFE_MS = 7 * 24 * 60 * 60_000;

export function newSessionSecret(random: RandomSource): { readonly secret: string; readonly id: string } {
  const secret = createToken(random, 'kns');
  return { secret, id: sha256Hex(secret) };
}

/** `knt_<id>_<secret>`, stored hashed. */
export function newApiToken(random: RandomSource, id: string): { readonly token: string; readonly secretHash: string } {
  const token = createToken(random, `knt_${id}`);
  return { token, secretHash: sha256Hex(token) };
}

/** Finds out who shows a session's secret or an API token. Whoever is not active is nobody. */
export class Proofs {
  /** Tokens that were used since the last look: id -> when. */
  private used = new Map<string, number>();

  constructor(
    private readonly store: Store,
    private readonly clock: { now(): number },
  ) {}

  async ofSession(secret: string): Promise<Proven | null> {
    return secret === '' ? null : this.session(sha256Hex(secret));
  }

  /** By a session's id, for what was given in its name and ends with it. */
  async ofSessionId(id: string): Promise<Proven | null> {
    return this.session(id);
  }

  /** Throws `auth.failed` for a token that is suspended after a restore. */
  async ofToken(token: string): Promise<Proven | null> {
    const id = /^knt_([0-9a-f-]{36})_/.exec(token)?.[1];
    const row = id === undefined ? null : await this.store.get('token', id);
    if (!row || !sameText(row.secretHash, sha256Hex(token))) return null;
    const who = await this.token(row);
    if (who && (await this.isSuspended(row))) throw suspended();
    if (who) this.used.set(row.id, this.clock.now());
    return who;
  }

  /** The same proof looked at again: null once it ended, or is suspended after a restore. */
  async again(proofId: string): Promise<Proven | null> {
    const row = await this.store.get('token', proofId);
    if (!row) return this.session(proofId);
    return (await this.isSuspended(row)) ? null : this.token(row);
  }

  /** Hands over which tokens were used when, and forgets it. */
  takeUsed(): ReadonlyMap<string, number> {
    const used = this.used;
    this.used = new Map();
    return used;
  }

  private async session(id: string): Promise<Proven | null> {
    const row = await this.store.get('session', id);
    if (!row || row.expiresAt <= this.clock.now()) return null;
    return this.proven(row, 'session', TOKEN_SCOPES, row.createdAt);
  }

  private async isSuspended({ createdAt }: TokenRow): Promise<boolean> {
    return (await suspendedSince(this.store)) >= createdAt;
  }

  private async token(row: TokenRow): Promise<Proven | null> {
    if (row.expiresAt !== 0 && row.expiresAt <= this.clock.now()) return null;
    const scopes = TOKEN_SCOPES.filter((scope) => row.scopes.includes(scope));
    return this.proven(row, 'token', scopes, 0);
  }

  private async proven(
    proof: { readonly id: string; readonly userId: string },
    via: Actor['via'],
    scopes: readonly TokenScope[],
    provedAt: number,
  ): Promise<Proven | null> {
    const user = await this.store.get('user', proof.userId);
    if (!user?.active) return null;
    return { actor: { ...(await heldAs(this.store, user)), via, scopes, provedAt }, proofId: proof.id };
  }
}

/** For what was begun by somebody and goes on without them, with what they may by now; null for who is not active. */
export async function callInNameOf(store: Store, userId: string, address: string): Promise<Call | null> {
  const user = await store.get('user', userId);
  if (!user?.active) return null;
  const actor: Actor = { ...(await heldAs(store, user)), via: 'session', scopes: TOKEN_SCOPES, provedAt: 0 };
  return { actor, address, userAgent: '', proofId: '', ifMatch: null, idempotency: null };
}

async function heldAs(store: Store, user: UserRow) {
  const permissions = (await heldBy(store, user)).map(({ permission }) => permission);
  const { id, username, role, groups } = user;
  return { id, username, role, permissions, groups };
}

function suspended(): KnotError {
  return new KnotError(
    'auth.failed',
    'API tokens are suspended: the database was put back from a backup.',
    'They hold again once an administrator has accepted it. A token made after a sign-in of now works: knot connect.',
  );
}

/** Equality in a time that tells nothing. */
export function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
