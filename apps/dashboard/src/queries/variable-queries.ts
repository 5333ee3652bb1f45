import { queryOptions } from '@tanstack/react-query';
import { api, told } from '../api/client.js';
import type { Variable } from '../api/schemas.js';
import { allPages } from './all-pages.js';
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

/** All of them, for a choice among them. */
export function variableNamesQuery() {
  return queryOptions({
    queryKey: keys.variableNames,
    queryFn: ({ signal }) =>
      allPages<Variable>((page) => told(api.GET('/api/v1/variables', { params: { query: page }, signal }))),
  });
}
