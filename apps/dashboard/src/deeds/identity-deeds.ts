import type { TokenScope } from '@knot/domain';
import { api, done, told } from '../api/client.js';
import type { Me, SshKey, TokenMade } from '../api/schemas.js';

export interface FirstAdministrator {
  readonly code: string;
  readonly username: string;
  readonly email: string;
  readonly password: string;
}

/** Makes the first administrator and signs in as them; where one-time codes are compulsory they are set up before. */
export async function setUp(first: FirstAdministrator): Promise<Me> {
  const { totpUrl } = await told(api.POST('/api/v1/setup', { body: first }));
  if (totpUrl !== '') {
    window.location.assign(totpUrl);
    // the page goes
    return new Promise<Me>(() => {});
  }
  return signIn({ username: first.username, password: first.password });
}

interface Credentials {
  readonly username: string;
  readonly password: string;
  /** Of the authenticator, where there is one. */
  readonly code?: string;
}

export function signIn(body: Credentials): Promise<Me> {
  return told(api.POST('/api/v1/auth/login', { body }));
}

export function signOut(): Promise<void> {
  return done(api.POST('/api/v1/auth/logout'));
}

export function changePassword(body: { present: string; password: string }): Promise<void> {
  return done(api.PUT('/api/v1/me/password', { body }));
}

/** Answers where the browser is to go: to the provider, which sends it back to the profile. */
export async function beginLink(): Promise<string> {
  return (await told(api.POST('/api/v1/me/oidc-link'))).url;
}

/** Parts who is signed in from their account at the provider; refused where no password lets them in. */
export function endLink(): Promise<void> {
  return done(api.DELETE('/api/v1/me/oidc-link'));
}

export function createToken(body: { name: string; scopes: TokenScope[]; days: number }): Promise<TokenMade> {
  return told(api.POST('/api/v1/tokens', { body }));
}

export function deleteToken(id: string): Promise<void> {
  return done(api.DELETE('/api/v1/tokens/{id}', { params: { path: { id } } }));
}

export function endSession(id: string): Promise<void> {
  return done(api.DELETE('/api/v1/sessions/{id}', { params: { path: { id } } }));
}

/** `key`: one line of a `.pub` file. */
export function addSshKey(key: string): Promise<SshKey> {
  return told(api.POST('/api/v1/me/ssh-keys', { body: { key } }));
}

export function removeSshKey(fingerprint: string): Promise<void> {
  return done(api.DELETE('/api/v1/me/ssh-keys', { params: { query: { fingerprint } } }));
}
