/** Where `knot proxy` opens a WebSocket at the origin: `/proxy/v1/<host>/<port>`; port 0: as SRV records say. */
export const PROXY_PATH = '/proxy/v1/';

export interface ProxyAsked {
  readonly host: string;
  readonly port: number;
}

export function proxyPath({ host, port }: ProxyAsked): string {
  return `${PROXY_PATH}${encodeURIComponent(host)}/${port}`;
}

/** Null for anything else. */
export function parseProxyPath(path: string): ProxyAsked | null {
  const [, host = '', port = ''] = /^\/proxy\/v1\/((?:[A-Za-z0-9._-]|%3[aA]){1,253})\/(\d{1,5})$/.exec(path) ?? [];
  return host === '' || Number(port) > 65_535 ? null : { host: decodeURIComponent(host), port: Number(port) };
}
