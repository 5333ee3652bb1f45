import { hostname } from 'node:os';
import { join } from 'node:path';
import { ownCertificate } from '@knot/link';
import type { ServerConfig } from '@knot/shared/config';
import { readPem } from './read-pem.js';

/** Key and certificate of `server.listen`: the configured files, else one of the leaf's own; null without TLS. */
export async function listenerTls(
  { tls, listen, url, dataPath }: ServerConfig,
  now: number,
): Promise<{ readonly key: string; readonly cert: string } | null> {
  if (!tls.useTls) return null;
  const [cert, key] = await Promise.all([
    readPem('server.tls.cert_file', tls.certFile),
    readPem('server.tls.key_file', tls.keyFile),
  ]);
  if (cert !== undefined && key !== undefined) return { key, cert };
  const names = new Set([new URL(url).hostname, listen.host, hostname(), 'localhost'].filter((name) => name !== ''));
  return ownCertificate(join(dataPath, 'tls'), [...names], now);
}
