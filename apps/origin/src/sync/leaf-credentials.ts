import { KnotError } from '@knot/shared/errors';
import { createToken, sha256Hex, type RandomSource } from '@knot/shared';
import type { LeafCredentialRow, NewRow, Store } from '@knot/shared/store';
import type { LeafIdentity } from './caller.js';

/** Life of a credential; a leaf renews it when a quarter is left. */
export const CREDENTIAL_LIFE_MS = 24 * 60 * 60_000;

export interface IssuedCredential {
  /** `knl_<id>_<secret>`; shown to the leaf once, stored hashed. */
  readonly credential: string;
  readonly row: NewRow<'leafCredential'>;
}

/** Makes, checks and revokes what a leaf shows with each call. */
export class LeafCredentials {
  private readonly revocationListeners = new Set<(identity: LeafIdentity) => void>();

  constructor(
    private readonly store: Store,
    private readonly newId: () => string,
    private readonly random: RandomSource,
  ) {}

  issue(identity: LeafIdentity, now: number): IssuedCredential {
    const id = this.newId();
    const credential = createToken(this.random, `knl_${id}`);
    const row = { id, ...identity, secretHash: sha256Hex(credential), createdAt: now };
    return { credential, row: { ...row, expiresAt: now + CREDENTIAL_LIFE_MS, revokedAt: 0 } };
  }

  /** Throws `auth.failed` for anything but a good credential. */
  async verify(credential: string, now: number): Promise<LeafIdentity> {
    const id = /^knl_([0-9a-f-]{36})_/.exec(credential)?.[1];
    const row = id === undefined ? null : await this.store.get('leafCredential', id);
    if (!row || row.secretHash !== sha256Hex(credential)) throw refused('This leaf credential is not known');
    if (row.revokedAt > 0) throw revoked(row.location);
    if (row.expiresAt <= now) throw refused('This leaf credential has expired');
    return { location: row.location, instance: row.instance };
  }

  /** Credentials of a location, the dead ones too. */
  async ofLocation(location: string): Promise<readonly LeafCredentialRow[]> {
    const { rows } = await this.store.page('leafCredential', { where: { location }, limit: 500 });
    return rows;
  }

  /** Cuts the open streams of an instance whose revocation was committed. */
  announceRevocation(identity: LeafIdentity): void {
    for (const listener of this.revocationListeners) listener(identity);
  }

  onRevocation(listener: (identity: LeafIdentity) => void): () => void {
    this.revocationListeners.add(listener);
    return () => this.revocationListeners.delete(listener);
  }
}

/** Its leaf takes it for an order to stop, not for a credential to be had anew. */
function revoked(location: string): KnotError {
  const hint = `To let it in again: knot locations token ${location}, and that token as its server.shared_token.`;
  return new KnotError('auth.failed', `This leaf of ${location} was revoked`, hint, { revoked: true });
}

function refused(message: string): KnotError {
  return new KnotError('auth.failed', message, 'The leaf enrols again by itself with its shared_token.');
}
