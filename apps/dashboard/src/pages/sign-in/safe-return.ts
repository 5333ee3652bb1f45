const HERE = 'https://here.invalid';

/** Where to go after the sign-in: a page of this site, whatever the address says. */
export function safeReturn(to: string | null): string {
  if (to === null || !to.startsWith('/') || !URL.canParse(to, HERE)) return '/spaces';
  const url = new URL(to, HERE);
  return url.origin === HERE && url.pathname !== '/sign-in' ? url.pathname + url.search : '/spaces';
}
