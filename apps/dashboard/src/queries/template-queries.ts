import { queryOptions } from '@tanstack/react-query';
import { api, told } from '../api/client.js';
import type { Template, TextWarning } from '../api/schemas.js';
import { allPages } from './all-pages.js';
import { keys } from './keys.js';
import { queryOf, type ListAsked } from './use-list-url.js';

/** Of the two lists below that go side by side; each space of one costs a question to its location. */
const PAGE = 50;

/** Every template: there are tens of them, and the forms need them all. */
export function templatesQuery() {
  return queryOptions({
    queryKey: keys.templateList,
    queryFn: ({ signal }) =>
      allPages<Template>((page) => told(api.GET('/api/v1/templates', { params: { query: page }, signal }))),
  });
}

export function templateQuery(id: string) {
  return queryOptions({
    queryKey: keys.template(id),
    queryFn: ({ signal }) => told(api.GET('/api/v1/templates/{id}', { params: { path: { id } }, signal })),
  });
}

/** The latest versions, newest first. */
export function templateVersionsQuery(id: string) {
  return queryOptions({
    queryKey: keys.templateVersions(id),
    queryFn: ({ signal }) =>
      told(api.GET('/api/v1/templates/{id}/versions', { params: { path: { id }, query: { limit: 50 } }, signal })),
  });
}

export function templateVersionQuery(id: string, number: number) {
  return queryOptions({
    queryKey: keys.templateVersion(id, number),
    queryFn: ({ signal }) =>
      told(api.GET('/api/v1/templates/{id}/versions/{number}', { params: { path: { id, number } }, signal })),
    staleTime: Infinity, // a version never changes
  });
}

export function versionDiffQuery(id: string, number: number, other: number) {
  return queryOptions({
    queryKey: keys.versionDiff(id, number, other),
    queryFn: ({ signal }) =>
      told(
        api.GET('/api/v1/templates/{id}/versions/{number}/diff/{other}', {
          params: { path: { id, number, other } },
          signal,
        }),
      ),
    staleTime: Infinity, // versions never change
  });
}

/** Spaces that were started with another version than the present one. */
export function spacesBehindQuery(id: string, asked: ListAsked) {
  return queryOptions({
    queryKey: keys.templateBehindList(id, asked),
    queryFn: ({ signal }) =>
      told(
        api.GET('/api/v1/templates/{id}/behind', {
          params: { path: { id }, query: { limit: PAGE, ...queryOf(asked) } },
          signal,
        }),
      ),
    staleTime: 0,
  });
}

/** What the version would do to each of them: their locations are asked for a dry run. */
export function templateImpactQuery(id: string, number: number, asked: ListAsked) {
  return queryOptions({
    queryKey: keys.templateImpact(id, number, asked),
    queryFn: ({ signal }) =>
      told(
        api.GET('/api/v1/templates/{id}/impact', {
          params: { path: { id }, query: { limit: PAGE, number, ...queryOf(asked) } },
          signal,
        }),
      ),
    staleTime: 60_000, // not asked of backends at every change of a space
  });
}

/** What a location said of the texts that were saved here last: only the answer to a save holds it. */
export function savedWarningsQuery(id: string) {
  const none: readonly TextWarning[] = [];
  return queryOptions({
    queryKey: keys.savedWarnings(id),
    queryFn: () => none,
    initialData: none,
    staleTime: Infinity,
  });
}

/** What is wrong with texts that are being written. */
export function textCheckQuery(id: string, job: string, volumes: string) {
  return queryOptions({
    queryKey: keys.textCheck(id, job, volumes),
    queryFn: ({ signal }) =>
      told(
        api.POST('/api/v1/templates/{id}/render-test', { params: { path: { id } }, body: { job, volumes }, signal }),
      ),
    staleTime: Infinity,
    gcTime: 10_000, // the key holds whole texts
  });
}
