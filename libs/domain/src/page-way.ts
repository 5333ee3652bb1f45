export interface LeafAddress {
  /** `server.direct_url` of a leaf; '' where only its origin leads there. */
  readonly direct: string;
  /** Of a certificate that the leaf made itself; else ''. */
  readonly directFingerprint: string;
}

/** Of a page, as `URL` and `Location` name it. */
export interface PageAddress {
  /** `https:` or `http:` */
  readonly protocol: string;
  /** Without a port. */
  readonly hostname: string;
}

/** What stands in a content policy as one host, and lets no leaf say more there; addresses of IPv6 cannot. */
const HOST = /^[a-z0-9._-]+$/;

/**
 * Where a page of a browser opens WebSockets at a leaf itself, `wss://lon.example.net:3000`; '' where it is to go by the
 * origin: a page can pin no certificate, one that came by https may not call by http, and cookies know no ports, so that
 * a leaf with the host name of the page would be shown what its person is signed in with.
 */
export function pageWay({ direct, directFingerprint }: LeafAddress, page: PageAddress): string {
  const leaf = URL.parse(direct);
  if (!leaf || directFingerprint !== '' || leaf.hostname === page.hostname) return '';
  if (!HOST.test(leaf.hostname)) return '';
  if (page.protocol === 'https:' && leaf.protocol !== 'https:') return '';
  return `${leaf.protocol === 'https:' ? 'wss' : 'ws'}://${leaf.host}`;
}
