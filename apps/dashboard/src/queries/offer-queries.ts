import { queryOptions } from '@tanstack/react-query';
import { api, told } from '../api/client.js';
import { keys } from './keys.js';

/** What one is offered or offers, and what is shared. */
export function offersQuery() {
  return queryOptions({
    queryKey: keys.offerList,
    queryFn: async ({ signal }) => (await told(api.GET('/api/v1/offers', { signal }))).items,
  });
}

export function spaceOffersQuery(space: string) {
  return queryOptions({
    queryKey: keys.spaceOffers(space),
    queryFn: async ({ signal }) =>
      (await told(api.GET('/api/v1/offers', { params: { query: { space } }, signal }))).items,
  });
}
