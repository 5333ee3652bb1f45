import { queryOptions } from '@tanstack/react-query';
import { api, told } from '../api/client.js';
import type { Group, Role } from '../api/schemas.js';
import { allPages } from './all-pages.js';
import { keys } from './keys.js';
import { queryOf, type ListAsked } from './use-list-url.js';

export function groupsQuery(asked: ListAsked) {
  return queryOptions({
    queryKey: keys.groupList(asked),
    queryFn: ({ signal }) =>
      told(api.GET('/api/v1/groups', { params: { query: { limit: 100, ...queryOf(asked) } }, signal })),
  });
}

/** All of them, for a choice among them. */
export function groupNamesQuery() {
  return queryOptions({
    queryKey: keys.groupNames,
    queryFn: ({ signal }) =>
      allPages<Group>((page) => told(api.GET('/api/v1/groups', { params: { query: page }, signal }))),
  });
}

export function groupQuery(id: string) {
  return queryOptions({
    queryKey: keys.group(id),
    queryFn: ({ signal }) => told(api.GET('/api/v1/groups/{id}', { params: { path: { id } }, signal })),
  });
}

export function rolesQuery(asked: ListAsked) {
  return queryOptions({
    queryKey: keys.roleList(asked),
    queryFn: ({ signal }) =>
      told(api.GET('/api/v1/roles', { params: { query: { limit: 100, ...queryOf(asked) } }, signal })),
  });
}

export function roleNamesQuery() {
  return queryOptions({
    queryKey: keys.roleNames,
    queryFn: ({ signal }) =>
      allPages<Role>((page) => told(api.GET('/api/v1/roles', { params: { query: page }, signal }))),
  });
}

export function roleQuery(id: string) {
  return queryOptions({
    queryKey: keys.role(id),
    queryFn: ({ signal }) => told(api.GET('/api/v1/roles/{id}', { params: { path: { id } }, signal })),
  });
}

/** Everything that a role can allow. */
export function permissionsQuery() {
  return queryOptions({
    queryKey: keys.permissions,
    queryFn: async ({ signal }) => (await told(api.GET('/api/v1/permissions', { signal }))).items,
    staleTime: Infinity,
  });
}

export function accessQuery(id: string) {
  return queryOptions({
    queryKey: keys.access(id),
    queryFn: ({ signal }) => told(api.GET('/api/v1/users/{id}/access', { params: { path: { id } }, signal })),
  });
}

export function myAccessQuery() {
  return queryOptions({
    queryKey: keys.access('me'),
    queryFn: ({ signal }) => told(api.GET('/api/v1/me/access', { signal })),
  });
}

export function quotaQuery(id: string) {
  return queryOptions({
    queryKey: keys.quota(id),
    queryFn: ({ signal }) => told(api.GET('/api/v1/users/{id}/quota', { params: { path: { id } }, signal })),
  });
}

export function myQuotaQuery() {
  return queryOptions({
    queryKey: keys.quota('me'),
    queryFn: ({ signal }) => told(api.GET('/api/v1/me/quota', { signal })),
  });
}
