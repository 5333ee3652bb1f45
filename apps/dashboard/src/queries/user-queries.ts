import { queryOptions } from '@tanstack/react-query';
import { api, told } from '../api/client.js';
import type { User } from '../api/schemas.js';
import { allPages } from './all-pages.js';
import { keys } from './keys.js';
import { queryOf, type ListAsked } from './use-list-url.js';

/** Everybody, for a choice among them; for administrators. */
export function userNamesQuery() {
  return queryOptions({
    queryKey: keys.userNames,
    queryFn: ({ signal }) =>
      allPages<User>((page) => told(api.GET('/api/v1/users', { params: { query: page }, signal }))),
  });
}

export function usersQuery(asked: ListAsked) {
  return queryOptions({
    queryKey: keys.userList(asked),
    queryFn: ({ signal }) =>
      told(api.GET('/api/v1/users', { params: { query: { limit: 100, ...queryOf(asked) } }, signal })),
  });
}

export function userQuery(id: string) {
  return queryOptions({
    queryKey: keys.user(id),
    queryFn: ({ signal }) => told(api.GET('/api/v1/users/{id}', { params: { path: { id } }, signal })),
  });
}

/** What would go with a user. */
export function userDeletionQuery(id: string) {
  return queryOptions({
    queryKey: keys.userDeletion(id),
    queryFn: ({ signal }) => told(api.GET('/api/v1/users/{id}/deletion', { params: { path: { id } }, signal })),
    staleTime: 0,
  });
}
