/** Where somebody is sent back to: a path of this very host, whatever was asked for. */
export function ownPath(wanted: string | undefined): string {
  if (wanted === undefined || !/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(wanted)) return '/';
  const url = URL.parse(wanted, 'http://own.invalid');
  // what browsers make of dots may begin with two slashes, and be another host
  return url?.host === 'own.invalid' && !url.pathname.startsWith('//') ? wanted : '/';
}
