import type { IncomingMessage } from 'node:http';
import proxyAddr from '@fastify/proxy-addr';

/** The address of whoever sent a request; '' where it is not known. */
export type ClientAddress = (request: IncomingMessage) => string;

/**
 * By `server.trusted_proxies`: the last address on the way that is not one of theirs, as the REST API takes it. What
 * somebody else says in X-Forwarded-For counts for nothing.
 */
export function clientAddress(trustedProxies: readonly string[]): ClientAddress {
  const dialled: ClientAddress = ({ socket }) => socket.remoteAddress ?? '';
  if (trustedProxies.length === 0) return dialled;
  const trust = proxyAddr.compile([...trustedProxies]);
  // an end of a stream within this process has no address
  return (request) => (dialled(request) === '' ? '' : proxyAddr(request, trust));
}
