import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { Socket, type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { LEAF_LINK_READY, LEAF_LINK_UPGRADE } from '@knot/contract';
import { readLine } from '@knot/link';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWebSocketStream, WebSocketServer } from 'ws';
import { dialLink } from './dial-link.js';

const ACCEPTED = `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${LEAF_LINK_UPGRADE}\r\n\r\n`;

let server: Server;
const sockets = new WebSocketServer({ noServer: true });
let carriers: Duplex[] = [];
/** By which name each request asked. */
let hosts: unknown[] = [];

beforeEach(() => (server = createServer((_, response) => response.writeHead(404).end())));

afterEach(async () => {
  for (const carrier of carriers) carrier.destroy();
  carriers = [];
  hosts = [];
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** Says what it hears again. */
function echo(carrier: Duplex): void {
  carriers.push(carrier);
  carrier.on('error', () => undefined);
  carrier.pipe(carrier);
}

/** An origin, or what stands before it, which does as it is told where HTTP/2 itself is asked for. */
async function linked(
  asked: (socket: Duplex) => void | Promise<void>,
  { name, signal = new AbortController().signal }: { readonly name?: string; readonly signal?: AbortSignal } = {},
): Promise<Duplex> {
  server.on('upgrade', (request, socket, head) => {
    hosts.push(request.headers.host);
    socket.on('error', () => undefined);
    if (request.headers.upgrade === LEAF_LINK_UPGRADE) return void asked(socket);
    sockets.handleUpgrade(request, socket, head, (webSocket) => echo(createWebSocketStream(webSocket)));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const target = { host: '127.0.0.1', port, tls: false, ca: '', fingerprint: '', ...(name !== undefined && { name }) };
  const carrier = await dialLink(target, 'kn', signal);
  carriers.push(carrier);
  return carrier;
}

async function answered(carrier: Duplex): Promise<string> {
  carrier.write('hello');
  return String((await once(carrier, 'data'))[0]);
}

describe('the connection of a link', () => {
  it('is the very one that was dialled, once this leaf stands ready', async () => {
    const carrier = await linked(async (socket) => {
      socket.write(ACCEPTED);
      expect(await readLine(socket, 16)).toBe(LEAF_LINK_READY.trim());
      echo(socket);
    });
    expect(carrier).toBeInstanceOf(Socket);
    expect(await answered(carrier)).toBe('hello');
  });

  it.each<readonly [string, (socket: Duplex) => void]>([
    ['refuses', (socket) => socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n')],
    ['answers without a word of it', (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi')],
    ['hangs up on', (socket) => socket.destroy()],
  ])('is a WebSocket where something between %s all else', async (_what, asked) => {
    const carrier = await linked(asked);
    expect(carrier).not.toBeInstanceOf(Socket);
    expect(await answered(carrier)).toBe('hello');
  });

  it('is asked for by the name of the origin, which a proxy before several goes by', async () => {
    await linked((socket) => void socket.destroy(), { name: 'knot.example.com' });
    const { port } = server.address() as AddressInfo;
    expect(hosts).toEqual([`knot.example.com:${port}`, `knot.example.com:${port}`]);
  });

  it('is dialled no more once the leaf stops', async () => {
    const ending = new AbortController();
    const dialled = linked(
      (socket) => {
        socket.resume().once('end', () => socket.destroy());
        ending.abort();
      },
      { signal: ending.signal },
    );
    await expect(dialled).rejects.toThrow();
  });

  it('is none for whom the origin does not know, who is not asked twice', async () => {
    let asked = 0;
    const refused = linked((socket) => {
      asked += 1;
      socket.end('HTTP/1.1 401 auth.failed\r\nContent-Length: 0\r\n\r\n');
    });
    await expect(refused).rejects.toThrow('lets no link of this leaf in');
    expect(asked).toBe(1);
  });
});
