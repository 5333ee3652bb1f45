import { TICKET_LIFE_MS, type TicketClaims } from '@knot/contract';
import type { Store } from '@knot/shared/store';
import type { LocationKeys } from '../agents/location-keys.js';
import { signClaims } from './sign-claims.js';

export type SignTicket = (
  claims: Pick<TicketClaims, 'location' | 'space' | 'user' | 'action' | 'proof'>,
) => Promise<{ readonly ticket: string; readonly until: number }>;

/** Signs tickets by the key of their location, which never leaves the origin. */
export function signTicket(store: Store, locationKeys: LocationKeys, newId: () => string): SignTicket {
  return async (wanted) => {
    const key = await locationKeys.ticketKey(wanted.location);
    // The database's clock: a leaf compares with its own, and the origin's may be any of several.
    const until = (await store.now()) + TICKET_LIFE_MS;
    const claims: TicketClaims = { ...wanted, key: key.id, id: newId(), until };
    return { ticket: signClaims(claims, key.privateKey), until };
  };
}
