import { join } from 'node:path';
import type { ServerConfig } from '@knot/shared/config';
import { ownCertificate } from './own-certificate.js';
import { readPem } from './read-pem.js';

export interface ServerCertificate {
  /** PEM, as all certificates here. */
  readonly key: string;
  readonly cert: string;
  /** Of a certificate of the server's own, for those who pin it; '' for configured files. */
  readonly fingerprint: string;
}

/**
 * What `server.listen` shows: the configured files, else a certificate of the server's own in the data folder; null
 * without TLS. Throws `config.invalid` for a file that cannot be read.
 */
export async function serverCertificate(
  { tls, url, listen, dataPath }: Pick<ServerConfig, 'tls' | 'url' | 'listen' | 'dataPath'>,
  now: number,
): Promise<ServerCertificate | null> {
  if (!tls.useTls) return null;
  const [cert, key] = await Promise.all([
    readPem('server.tls.cert_file', tls.certFile),
    readPem('server.tls.key_file', tls.keyFile),
  ]);
  if (cert !== undefined && key !== undefined) return { key, cert, fingerprint: '' };
  // Not the machine's host name: a container has a new one at each start, and the pinned certificate would change.
  const named = [new URL(url).hostname.replace(/^\[|\]$/g, ''), listen.host];
  const names = new Set(['localhost', '127.0.0.1', ...named.filter((name) => !ALL_ADDRESSES.includes(name))]);
  return ownCertificate(join(dataPath, 'tls'), [...names], now);
}

const ALL_ADDRESSES = ['', '0.0.0.0', '::'];
