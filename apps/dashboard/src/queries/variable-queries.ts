import { queryOptions } from '@tanstack/react-query';
import { api, told } from '../api/client.js';
import { keys } from './keys.js';
import { queryOf, type ListAsked } from './use-list-url.js';

export function variablesQuery(asked: ListAsked) {
  return queryOptions({
    queryKey: keys.variableList(asked),
    queryFn: ({ signal }) =>
      told(api.GET('/api/v1/variables', { params: { query: { limit: 100, ...queryOf(asked) } }, signal })),
  });
}

export function variableQuery(id: string) {
  return queryOptions({
    queryKey: keys.variable(id),
    queryFn: ({ signal }) => told(api.GET('/api/v1/variables/{id}', { params: { path: { id } }, signal })),
  });
}
