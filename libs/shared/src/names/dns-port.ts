/** A name server as `host:port`, 53 unless it says another. */
export function withDnsPort(server: string): string {
  const hasPort = server.startsWith('[') ? /\]:\d+$/.test(server) : server.split(':').length === 2;
  if (hasPort) return server;
  return server.includes(':') && !server.startsWith('[') ? `[${server}]:53` : `${server}:53`;
}
