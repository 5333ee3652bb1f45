import { getCACertificates } from 'node:tls';
import { readPem, type GrpcTarget } from '@knot/link';
import type { ServerConfig } from '@knot/shared/config';
import { KnotError } from '@knot/shared/errors';

/** Where the origin is and how it is verified. Throws `config.invalid`, or `feature.missing` for `srv+`. */
export async function originTarget(server: ServerConfig): Promise<GrpcTarget> {
  const { originServer = '', originFingerprint = '', originCaFile } = server;
  if (originServer.startsWith('srv+')) {
    const hint = 'Name the host and port: origin_server: https://host:3000.';
    throw new KnotError('feature.missing', `SRV look-ups (${originServer}) are not built yet.`, hint);
  }
  const url = URL.parse(originServer);
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.hostname === '') {
    const hint = 'Write it like https://host:3000.';
    throw new KnotError('config.invalid', `server.origin_server: "${originServer}" is no address of an origin.`, hint);
  }
  const tls = url.protocol === 'https:';
  const own = tls ? await readPem('server.origin_ca_file', originCaFile) : undefined;
  const ca = tls ? [...getCACertificates('default'), ...getCACertificates('system'), ...(own ? [own] : [])] : [];
  const port = url.port === '' ? (tls ? 443 : 80) : Number(url.port);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return { host, port, tls, ca: ca.join('\n'), fingerprint: originFingerprint };
}
