import { queryOptions } from '@tanstack/react-query';
import { api, told } from '../api/client.js';
import { keys } from './keys.js';
import { queryOf, type ListAsked } from './use-list-url.js';

/** The latest roll-outs of a template, newest first. */
export function rollOutsOfQuery(templateId: string) {
  return queryOptions({
    queryKey: keys.rollOutsOf(templateId),
    queryFn: ({ signal }) =>
      told(api.GET('/api/v1/roll-outs', { params: { query: { templateId, limit: 5 } }, signal })),
  });
}

export function rollOutQuery(id: string) {
  return queryOptions({
    queryKey: keys.rollOut(id),
    queryFn: ({ signal }) => told(api.GET('/api/v1/roll-outs/{id}', { params: { path: { id } }, signal })),
  });
}

export function rollOutSpacesQuery(id: string, asked: ListAsked) {
  return queryOptions({
    queryKey: keys.rollOutSpaces(id, asked),
    queryFn: ({ signal }) =>
      told(
        api.GET('/api/v1/roll-outs/{id}/spaces', {
          params: { path: { id }, query: { limit: 100, ...queryOf(asked) } },
          signal,
        }),
      ),
  });
}
