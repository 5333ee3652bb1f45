import { queryOptions } from '@tanstack/react-query';
import { api, told } from '../api/client.js';
import { keys } from './keys.js';

export function setupQuery() {
  return queryOptions({ queryKey: keys.setup, queryFn: ({ signal }) => told(api.GET('/api/v1/setup', { signal })) });
}

/** Set by knot.yaml: another answer needs a restart of the server. */
export function signInWaysQuery() {
  return queryOptions({
    queryKey: keys.signInWays,
    queryFn: ({ signal }) => told(api.GET('/api/v1/auth/ways', { signal })),
  });
}

export function meQuery() {
  return queryOptions({ queryKey: keys.me, queryFn: ({ signal }) => told(api.GET('/api/v1/me', { signal })) });
}

export function tokensQuery() {
  return queryOptions({
    queryKey: keys.tokens,
    queryFn: async ({ signal }) => (await told(api.GET('/api/v1/tokens', { signal }))).items,
  });
}

export function sessionsQuery() {
  return queryOptions({
    queryKey: keys.sessions,
    queryFn: async ({ signal }) => (await told(api.GET('/api/v1/sessions', { signal }))).items,
  });
}

export function sshKeysQuery() {
  return queryOptions({
    queryKey: keys.sshKeys,
    queryFn: async ({ signal }) => (await told(api.GET('/api/v1/me/ssh-keys', { signal }))).items,
  });
}
