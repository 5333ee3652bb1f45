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

function startOfList(): string | null {
  return null;
}
