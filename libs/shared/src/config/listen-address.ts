/** Where a server listens: the text `host:port`, `:port`, `port` or a URL, taken apart. */
export interface ListenAddress {
  /** Empty: all addresses. Without the brackets of IPv6. */
  readonly host: string;
  readonly port: number;
  readonly scheme?: 'http' | 'https';
}

/** undefined when the text is none of the forms. Port 0 means any free one. */
export function parseListenAddress(text: string): ListenAddress | undefined {
  const match = /^(?:(https?):\/\/)?(?:(\[[0-9a-fA-F:.]+\]|[^\s:/[\]]*):)?(\d{1,5})\/?$/.exec(text.trim());
  if (match === null) return undefined;
  const [, scheme, host = '', digits = ''] = match;
  const port = Number(digits);
  if (port > 65_535) return undefined;
  return {
    host: host.replace(/^\[|\]$/g, ''),
    port,
    ...((scheme === 'http' || scheme === 'https') && { scheme }),
  };
}

export function formatListenAddress({ host, port, scheme }: ListenAddress): string {
  const shown = host.includes(':') ? `[${host}]` : host;
  return `${scheme === undefined ? '' : `${scheme}://`}${shown}:${port}`;
}

/** True only where nothing from another machine can arrive. */
export function isLoopbackHost(host: string): boolean {
  const plain = host.toLowerCase().replace(/^\[|\]$/g, '');
  return plain === 'localhost' || plain === '::1' || /^(::ffff:)?127(\.\d{1,3}){3}$/.test(plain);
}
