import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listenOnePort, ownCertificate, type OnePort } from '@knot/link';
import type { Origin } from '@knot/origin';
import { KnotError } from '@knot/shared/errors';
import type { KnotConfig } from '@knot/shared/config';

export interface OriginListener {
  readonly port: OnePort;
  /** sha256 of a certificate of the origin's own; '' when files were configured or there is no TLS. */
  readonly fingerprint: string;
}

/** Web, API and gRPC of an origin on `server.listen`. */
export async function listenOrigin({ server }: KnotConfig, origin: Origin, now: number): Promise<OriginListener> {
  const { host, port } = server.listen;
  const tls = await certificateOf({ server }, now);
  const onePort = await listenOnePort({
    host: host === '' ? '::' : host,
    port,
    tls,
    web: origin.web,
    grpc: origin.sync.grpc,
  });
  return { port: onePort, fingerprint: tls?.fingerprint ?? '' };
}

async function certificateOf({ server }: Pick<KnotConfig, 'server'>, now: number) {
  const { useTls, certFile, keyFile } = server.tls;
  if (!useTls) return null;
  if (certFile !== undefined && keyFile !== undefined) {
    const [cert, key] = await Promise.all([readPem(certFile, 'cert_file'), readPem(keyFile, 'key_file')]);
    return { cert, key, fingerprint: '' };
  }
  const names = new Set(['localhost', '127.0.0.1', new URL(server.url).hostname.replace(/^\[|\]$/g, '')]);
  return ownCertificate(join(server.dataPath, 'tls'), [...names], now);
}

async function readPem(path: string, key: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new KnotError('config.invalid', `server.tls.${key}: ${reason}`, 'Name a PEM file that knot may read.');
  }
}
