import { createSecureContext, type ConnectionOptions } from 'node:tls';
import type { GrpcTarget } from './grpc-client.js';
import { pinnedCertificate } from './pinned-certificate.js';

/** How a client other than gRPC verifies the same target. Throws `server.unavailable` as a pinned certificate does. */
export async function clientTls({ host, port, tls, ca, fingerprint }: GrpcTarget): Promise<ConnectionOptions> {
  if (!tls) return {};
  if (fingerprint === '') return ca === '' ? {} : { ca };
  const pem = await pinnedCertificate(host, port, fingerprint);
  // That one certificate is the anchor, whoever has signed it.
  const secureContext = createSecureContext({ ca: pem, allowPartialTrustChain: true });
  return { secureContext, checkServerIdentity: () => undefined };
}
