import { api, done, told } from '../api/client.js';

export interface Person {
  /** Of the one-time link. */
  readonly link: string;
  readonly username: string;
  readonly password: string;
}

/** A secret for the authenticator of who has the link and the password. */
export function beginSecondFactor(body: Person) {
  return told(api.POST('/api/v1/auth/totp/begin', { body }));
}

/** Sets up the authenticator that shows this code. */
export function finishSecondFactor(body: Person & { readonly code: string }) {
  return told(api.POST('/api/v1/auth/totp', { body }));
}

/** A link by which one sets up an authenticator. */
export function makeMyLink() {
  return told(api.POST('/api/v1/me/totp-link'));
}

export function removeMySecondFactor(): Promise<void> {
  return done(api.DELETE('/api/v1/me/totp'));
}

/** A link for another, to be handed to them. */
export function makeLinkFor(id: string) {
  return told(api.POST('/api/v1/users/{id}/totp-link', { params: { path: { id } } }));
}

export function removeSecondFactorOf(id: string): Promise<void> {
  return done(api.DELETE('/api/v1/users/{id}/totp', { params: { path: { id } } }));
}
