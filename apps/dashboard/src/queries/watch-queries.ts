import { queryOptions } from '@tanstack/react-query';
import { api, told } from '../api/client.js';
import { keys } from './keys.js';
import { queryOf, type ListAsked } from './use-list-url.js';

/** Newest first. */
export function auditQuery(asked: ListAsked) {
  return queryOptions({
    queryKey: keys.auditList(asked),
    queryFn: ({ signal }) =>
      told(api.GET('/api/v1/audit', { params: { query: { limit: 100, ...queryOf(asked) } }, signal })),
    staleTime: 0,
  });
}

/** Reads every entry there is: only when told to. */
export function auditCheckQuery() {
  return queryOptions({
    queryKey: keys.auditCheck,
    queryFn: ({ signal }) => told(api.GET('/api/v1/audit/check', { signal })),
    enabled: false,
  });
}

/** Newest first. */
export function operationsQuery(asked: ListAsked) {
  return queryOptions({
    queryKey: keys.operationList(asked),
    queryFn: ({ signal }) =>
      told(api.GET('/api/v1/operations', { params: { query: { limit: 100, ...queryOf(asked) } }, signal })),
    staleTime: 0,
  });
}

/** Nothing tells of it by itself: it is looked at every half minute while it is shown. */
export function healthQuery() {
  return queryOptions({
    queryKey: keys.health,
    queryFn: ({ signal }) => told(api.GET('/api/v1/health', { signal })),
    staleTime: 0,
    refetchInterval: 30_000,
  });
}
