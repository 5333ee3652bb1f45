import { isIP } from 'node:net';
import { createSecureContext, type ConnectionOptions } from 'node:tls';
import type { GrpcTarget } from './grpc-client.js';
import { pinnedCertificate } from './pinned-certificate.js';

/** How a client other than gRPC verifies the same target. Throws `server.unavailable` as a pinned certificate does. */
export async function clientTls({
  host,
  name = '',
  port,
  tls,
  ca,
  fingerprint,
}: GrpcTarget): Promise<ConnectionOptions> {
  if (!tls) return {};
  const named = name === '' || isIP(name) !== 0 ? {} : { servername: name };
  if (fingerprint === '') return ca === '' ? named : { ca, ...named };
  const pem = await pinnedCertificate(host, port, fingerprint);
  // That one certificate is the anchor, whoever has signed it.
  const secureContext = createSecureContext({ ca: pem, allowPartialTrustChain: true });
  return { secureContext, checkServerIdentity: () => undefined };
}
