import { AppHttp2, listenOnePort, serverCertificate, type OnePort } from '@knot/link';
import type { Origin } from '@knot/origin';
import type { KnotConfig } from '@knot/shared/config';

export interface OriginListener {
  readonly port: OnePort;
  /** sha256 of a certificate of the origin's own; '' when files were configured or there is no TLS. */
  readonly fingerprint: string;
}

/** Web, API and gRPC of an origin on `server.listen`. */
export async function listenOrigin({ server }: KnotConfig, origin: Origin, now: number): Promise<OriginListener> {
  const { host, port } = server.listen;
  const tls = await serverCertificate(server, now);
  const { web, apps } = origin;
  const http2 = apps ? new AppHttp2(apps, web) : undefined;
  const onePort = await listenOnePort({ host, port, tls, web, grpc: origin.sync.grpc, apps: http2 });
  if (tls) origin.showsCertificate(tls.cert, tls.fingerprint !== '');
  return { port: onePort, fingerprint: tls?.fingerprint ?? '' };
}
