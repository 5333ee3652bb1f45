import { getCACertificates } from 'node:tls';
import { readPem, type GrpcTarget } from '@knot/link';
import { ServerNames, type Clock, type Logger } from '@knot/shared';
import type { KnotConfig } from '@knot/shared/config';
import { KnotError } from '@knot/shared/errors';

/** Where the origin is by now: one after the other is tried. Never empty. */
export type OriginTargets = () => Promise<readonly GrpcTarget[]>;

/** Where the origin is and how it is verified. Throws `config.invalid`. */
export async function originTargets(
  { server, resolver }: KnotConfig,
  ports: { readonly clock: Clock; readonly logger: Logger },
): Promise<OriginTargets> {
  const { originServer = '', originFingerprint: fingerprint = '', originCaFile } = server;
  const srv = originServer.startsWith('srv+');
  const url = URL.parse(srv ? originServer.slice('srv+'.length) : originServer);
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.hostname === '') {
    const hint = 'Write it like https://host:3000.';
    throw new KnotError('config.invalid', `server.origin_server: "${originServer}" is no address of an origin.`, hint);
  }
  const tls = url.protocol === 'https:';
  const own = tls ? await readPem('server.origin_ca_file', originCaFile) : undefined;
  const trusted = [...getCACertificates('default'), ...getCACertificates('system'), ...(own ? [own] : [])];
  const how = { tls, ca: tls ? trusted.join('\n') : '', fingerprint };
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (!srv) {
    const port = url.port === '' ? (tls ? 443 : 80) : Number(url.port);
    return () => Promise.resolve([{ host, port, ...how }]);
  }
  const warn = (err: KnotError): void => ports.logger.warn({ err }, 'the origin is dialled where it was last');
  const names = new ServerNames({ ...resolver, clock: ports.clock, warn });
  return async () => {
    const targets = await names.targets(host);
    return targets.map((target) => ({ host: target.address, name: target.host, port: target.port, ...how }));
  };
}
