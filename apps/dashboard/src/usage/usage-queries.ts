import { queryOptions } from '@tanstack/react-query';
import { api, told } from '../api/client.js';
import { keys } from '../queries/keys.js';
import { RANGES, type RangeName } from './usage-ranges.js';

/** Whose use is asked for. */
export type UsageOf = { readonly who: 'all' | 'me' } | { readonly who: 'user' | 'group'; readonly id: string };

/** `since` is a whole hour or day: so the same question is asked once. */
export function usageQuery(of: UsageOf, range: RangeName, since: number) {
  const query = { bucket: RANGES[range].bucket, since };
  const id = 'id' in of ? of.id : '';
  return queryOptions({
    queryKey: keys.usage(of.who, id, range, since),
    queryFn: ({ signal }) => told(asked(of, query, signal)),
    staleTime: 60_000,
    refetchInterval: 5 * 60_000,
  });
}

function asked(of: UsageOf, query: { bucket: 'hour' | 'day'; since: number }, signal: AbortSignal) {
  switch (of.who) {
    case 'all':
      return api.GET('/api/v1/usage', { params: { query }, signal });
    case 'me':
      return api.GET('/api/v1/me/usage', { params: { query }, signal });
    case 'user':
      return api.GET('/api/v1/users/{id}/usage', { params: { path: { id: of.id }, query }, signal });
    case 'group':
      return api.GET('/api/v1/groups/{id}/usage', { params: { path: { id: of.id }, query }, signal });
  }
}
