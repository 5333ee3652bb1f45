import { createPublicKey, verify } from 'node:crypto';
import { parseTicketClaims, type TicketAction, type TicketClaims } from '@knot/contract';
import type { Clock } from '@knot/shared';
import { KnotError } from '@knot/shared/errors';

const LONGEST = 2_048;
/** How far the clocks of origin and leaf may be apart, ms. */
const SKEW_MS = 60_000;

/** Checks tickets by itself, with or without an origin: signature, location, space, time, and that each is used once. */
export class Tickets {
  /** Ids of those that were used, until they would have run out. */
  private readonly used = new Map<string, number>();

  constructor(
    private readonly location: string,
    private readonly keys: () => Readonly<Record<string, string>>,
    private readonly clock: Clock,
  ) {}

  /** Throws `auth.failed` for a ticket that is not good here and now for this deed in this space. */
  use(ticket: string, space: string, action: TicketAction): TicketClaims {
    const claims = this.signed(ticket);
    const now = this.clock.now();
    if (!claims || claims.location !== this.location || claims.space !== space)
      throw refused('It is not for this space.');
    if (claims.action !== action) throw refused('It is for something else.');
    if (claims.until + SKEW_MS <= now) throw refused('It has run out.');
    for (const [id, until] of this.used) if (until + SKEW_MS <= now) this.used.delete(id);
    if (this.used.has(claims.id)) throw refused('It was used before.');
    this.used.set(claims.id, claims.until);
    return claims;
  }

  private signed(ticket: string): TicketClaims | null {
    const [, body = '', signature = ''] = /^([\w-]+)\.([\w-]+)$/.exec(ticket) ?? [];
    if (body === '' || ticket.length > LONGEST) return null;
    const claims = parseTicketClaims(Buffer.from(body, 'base64url').toString());
    const keys = this.keys();
    const x = claims && Object.hasOwn(keys, claims.key) ? keys[claims.key] : undefined;
    if (claims === null || x === undefined) return null;
    const key = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x } });
    return verify(null, Buffer.from(body), key, Buffer.from(signature, 'base64url')) ? claims : null;
  }
}

function refused(why: string): KnotError {
  return new KnotError('auth.failed', `The ticket is not good. ${why}`, 'Ask for a new one.');
}
