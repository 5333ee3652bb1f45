import { queryOptions } from '@tanstack/react-query';
import { api, told } from '../api/client.js';
import { keys } from './keys.js';
import { queryOf, type ListAsked } from './use-list-url.js';

export function volumesQuery(asked: ListAsked) {
  return queryOptions({
    queryKey: keys.volumeList(asked),
    queryFn: ({ signal }) =>
      told(api.GET('/api/v1/volumes', { params: { query: { limit: 100, ...queryOf(asked) } }, signal })),
  });
}

export function volumeQuery(id: string) {
  return queryOptions({
    queryKey: keys.volume(id),
    queryFn: ({ signal }) => told(api.GET('/api/v1/volumes/{id}', { params: { path: { id } }, signal })),
  });
}
