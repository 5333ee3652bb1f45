import { createServer, type Server } from 'node:net';

// Below the range from which Linux takes ports of outgoing connections (32768 and up), and below Nomad's dynamic ports
// (20000 and up): between our look and the server's bind nobody else is handed the port. Above 10080, which fetch refuses.
const FIRST = 10_100;
const LAST = 19_999;

function tryBind(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => resolve(server));
  });
}

/** Ports of 127.0.0.1 that nobody listens on at the moment, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const held = new Map<number, Server>();
  for (let attempt = 0; held.size < count; attempt += 1) {
    if (attempt > 200 + count * 10) throw new Error(`No ${count} free ports were found between ${FIRST} and ${LAST}.`);
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST + 1));
    if (held.has(port)) continue;
    const server = await tryBind(port);
    if (server) held.set(port, server);
  }
  await Promise.all([...held.values()].map((server) => new Promise((resolve) => server.close(resolve))));
  return [...held.keys()];
}

export async function freePort(): Promise<number> {
  const [port] = await freePorts(1);
  if (port === undefined) throw new Error('No free port was found.');
  return port;
}
