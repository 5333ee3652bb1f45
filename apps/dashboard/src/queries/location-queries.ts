import { queryOptions } from '@tanstack/react-query';
import { api, told } from '../api/client.js';
import { keys } from './keys.js';

export function locationsQuery() {
  return queryOptions({
    queryKey: keys.locationList,
    queryFn: async ({ signal }) => (await told(api.GET('/api/v1/locations', { signal }))).items,
  });
}

export function locationQuery(name: string) {
  return queryOptions({
    queryKey: keys.location(name),
    queryFn: ({ signal }) => told(api.GET('/api/v1/locations/{name}', { params: { path: { name } }, signal })),
  });
}

export function orphansQuery(name: string) {
  return queryOptions({
    queryKey: keys.orphans(name),
    queryFn: async ({ signal }) =>
      (await told(api.GET('/api/v1/locations/{name}/orphans', { params: { path: { name } }, signal }))).items,
  });
}
