import type { Unique } from '@knot/shared/store';

/** The names only one user may have: user name and e-mail address, whatever their case. */
export function claimUser(id: string, { username, email }: { username: string; email: string }): readonly Unique[] {
  return [
    { claim: USERNAME, value: username.toLowerCase(), id },
    { claim: EMAIL, value: email.toLowerCase(), id },
  ];
}

export function releaseUser(id: string, { username, email }: { username: string; email: string }): readonly Unique[] {
  return [
    { release: USERNAME, value: username.toLowerCase(), id },
    { release: EMAIL, value: email.toLowerCase(), id },
  ];
}

/** The claims of a changed e-mail address. */
export function moveEmail(id: string, from: string, to: string): readonly Unique[] {
  if (from.toLowerCase() === to.toLowerCase()) return [];
  return [
    { release: EMAIL, value: from.toLowerCase(), id },
    { claim: EMAIL, value: to.toLowerCase(), id },
  ];
}

export const USERNAME = 'user.name';
export const EMAIL = 'user.email';
