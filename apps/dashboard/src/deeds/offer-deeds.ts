import { api, done, told } from '../api/client.js';
import type { Offer } from '../api/schemas.js';

/** Nothing changes before the receiver accepts. */
export function offerSpace(id: string, deed: Offer['deed'], user: string): Promise<Offer> {
  const request = { params: { path: { id } }, body: { user } };
  return deed === 'share'
    ? told(api.POST('/api/v1/spaces/{id}/share', request))
    : told(api.POST('/api/v1/spaces/{id}/transfer', request));
}

export function acceptOffer(id: string): Promise<void> {
  return done(api.POST('/api/v1/offers/{id}/accept', { params: { path: { id } } }));
}

/** Declines it, takes it back, or ends the sharing that it has come to. */
export function endOffer(id: string): Promise<void> {
  return done(api.DELETE('/api/v1/offers/{id}', { params: { path: { id } } }));
}
