import { parseTicketClaims, TICKET_LIFE_MS, type TicketAction, type TicketClaims } from '@knot/contract';
import type { Clock } from '@knot/shared';
import { KnotError } from '@knot/shared/errors';
import { SKEW_MS, type MetSince } from './met-since.js';
import { signedText, UsedOnce } from './signed-text.js';

/** What a ticket says that was good. */
export interface UsedTicket extends TicketClaims {
  /** When it was given, ms by the origin's clock. */
  readonly given: number;
}

/** Checks tickets by itself, with or without an origin: signature, location, space, time, and that each is used once. */
export class Tickets {
  private readonly used = new UsedOnce();

  constructor(
    private readonly location: string,
    private readonly keys: () => Readonly<Record<string, string>>,
    private readonly met: MetSince,
    private readonly clock: Clock,
  ) {}

  /** Throws `auth.failed` for a ticket that is not good here and now for this deed in this space. */
  use(ticket: string, space: string, action: TicketAction): UsedTicket {
    const claims = this.signed(ticket);
    const now = this.clock.now();
    if (!claims || claims.location !== this.location || claims.space !== space)
      throw refused('It is not for this space.');
    if (claims.action !== action) throw refused('It is for something else.');
    if (claims.until + SKEW_MS <= now) throw refused('It has run out.');
    const given = claims.until - TICKET_LIFE_MS;
    if (!this.met.covers(given)) throw refused('It is of before this leaf began.');
    if (!this.used.use(claims.id, claims.until + SKEW_MS, now)) throw refused('It was used before.');
    return { ...claims, given };
  }

  private signed(ticket: string): TicketClaims | null {
    const text = signedText(ticket);
    const claims = text && parseTicketClaims(text.claims);
    const keys = this.keys();
    const key = claims && Object.hasOwn(keys, claims.key) ? keys[claims.key] : undefined;
    return key !== undefined && text?.isBy(key) ? claims : null;
  }
}

function refused(why: string): KnotError {
  return new KnotError('auth.failed', `The ticket is not good. ${why}`, 'Ask for a new one.');
}
