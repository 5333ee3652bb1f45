import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, told } from '../api/client.js';
import { keys } from './keys.js';
import type { SpaceFilters } from './space-filters.js';

const PAGE = 200;

/** Pages of the list, by name. */
export function spacesQuery(filters: SpaceFilters) {
  const given = Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== ''));
  return infiniteQueryOptions({
    queryKey: keys.spaceList(filters),
    queryFn: ({ pageParam, signal }) =>
      told(
        api.GET('/api/v1/spaces', {
          params: {
            query: { ...given, sort: 'name', limit: PAGE, ...(pageParam === null ? {} : { cursor: pageParam }) },
          },
          signal,
        }),
      ),
    initialPageParam: startOfList(),
    getNextPageParam: (page) => page.next,
  });
}

export function spaceQuery(id: string) {
  return queryOptions({
    queryKey: keys.space(id),
    queryFn: ({ signal }) => told(api.GET('/api/v1/spaces/{id}', { params: { path: { id } }, signal })),
  });
}

/** One's own, straight from the space's agent: nothing tells of them by itself. */
export function terminalsQuery(space: string) {
  return queryOptions({
    queryKey: keys.terminals(space),
    queryFn: async ({ signal }) =>
      (await told(api.GET('/api/v1/spaces/{id}/terminals', { params: { path: { id: space } }, signal }))).items,
    staleTime: 0,
    refetchInterval: 15_000,
  });
}

function startOfList(): string | null {
  return null;
}
