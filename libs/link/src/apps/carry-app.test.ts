import { once } from 'node:events';
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { connect, createServer as createTcp, type AddressInfo, type Server as TcpServer, type Socket } from 'node:net';
import { duplexPair, type Duplex } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { carryRequest, carryUpgrade } from './carry-app.js';

const change = { ownCookies: [], scheme: 'http' as const, base: '', address: '127.0.0.1' };
const open: (Server | TcpServer)[] = [];

afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

async function portOf(server: Server | TcpServer): Promise<number> {
  open.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address() as AddressInfo | null;
  return address?.port ?? 0;
}

/** An app that answers whatever it is asked with these bytes. */
function appSaying(answer: string, ends = true): Promise<number> {
  const app = createTcp((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => (ends ? socket.end(answer) : socket.write(answer)));
  });
  return portOf(app);
}

/** A server that carries all that it is asked to this app. */
function doorTo(app: number): Promise<number> {
  const carry = createServer((request, response) => {
    void carryRequest(request, response, connect(app, '127.0.0.1'), change);
  });
  return portOf(carry);
}

async function get(port: number): Promise<IncomingMessage> {
  const sent = httpRequest({ port, host: '127.0.0.1', agent: false }).end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  answer.resume();
  return answer;
}

describe('a request that is carried to an app', () => {
  it.each([
    ['a code that HTTP does not have', 'HTTP/1.1 099 Odd\r\nContent-Length: 0\r\n\r\n'],
    ['an upgrade that nobody asked for', 'HTTP/1.1 101 Yes\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'],
    ['nothing but bytes', 'no line of HTTP\r\n\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
    ['words that no line may hold', 'HTTP/1.1 200 \u0001\r\nContent-Length: 0\r\n\r\n'],
  ])('is told that nothing came of it where the app answers %s', async (_what, said) => {
    const door = await doorTo(await appSaying(said));
    expect((await get(door)).statusCode).toBe(502);
  });
});

it.each([
  ['GET', ''],
  ['POST', 'Content-Length: 100\r\n'],
])('a %s whose client has gone before the app was reached leaves nothing open', async (method, headers) => {
  const app = await appSaying('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n', false);
  const carried = new Promise<Socket>((resolve) => {
    const server = createServer((request, response) => {
      request.on('error', () => undefined);
      // the app is reached some turns later
      response.once('close', () =>
        setImmediate(() => {
          const way = connect(app, '127.0.0.1');
          void carryRequest(request, response, way, change).then(() => resolve(way));
        }),
      );
      request.socket.destroy();
    });
    void portOf(server).then((port) =>
      connect(port, '127.0.0.1')
        .on('error', () => undefined)
        .write(`${method} / HTTP/1.1\r\nHost: a\r\n${headers}\r\n`),
    );
  });
  expect((await carried).destroyed).toBe(true);
});

it.each([
  ['a request', carriedRequest, 'HTTP/1.1 200 OK\r\n\r\n'],
  ['an upgrade that is refused', carriedUpgrade, 'HTTP/1.1 200 OK\r\n\r\n'],
  ['a WebSocket', carriedUpgrade, 'HTTP/1.1 101 Yes\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'],
])('%s that is answered in the moment in which its client goes ends nothing else', async (_what, carried, said) => {
  const [way, app] = duplexPair();
  app.on('error', () => undefined);
  const cut = await carried(way);
  await once(app, 'readable');
  cut();
  app.write(said);
  await once(way, 'close');
});

/** A request that is under way to the app at the other end of `way`, and what cuts its client. */
async function carriedRequest(way: Duplex): Promise<() => void> {
  const server = createServer();
  const asked = once(server, 'request');
  connect(await portOf(server), '127.0.0.1')
    .on('error', () => undefined)
    .write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  const [request, response] = (await asked) as [IncomingMessage, ServerResponse];
  void carryRequest(request, response, way, change);
  return () => response.destroy();
}

async function carriedUpgrade(way: Duplex): Promise<() => void> {
  const server = createServer();
  const asked = once(server, 'upgrade');
  connect(await portOf(server), '127.0.0.1')
    .on('error', () => undefined)
    .write('GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  const [request, client, head] = (await asked) as [IncomingMessage, Duplex, Buffer];
  client.on('error', () => undefined);
  void carryUpgrade(request, client, head, way, change);
  return () => client.destroy();
}

it('a WebSocket whose client has gone before the app was reached leaves nothing open', async () => {
  const app = await appSaying(
    'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    false,
  );
  const carried = new Promise<Socket>((resolve) => {
    const server = createServer().on('upgrade', (request, client, head) => {
      client.once('close', () => {
        const way = connect(app, '127.0.0.1');
        void carryUpgrade(request, client, head, way, change).then(() => resolve(way));
      });
      client.destroy();
    });
    void portOf(server).then((port) =>
      connect(port, '127.0.0.1')
        .on('error', () => undefined)
        .write('GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'),
    );
  });
  expect((await carried).destroyed).toBe(true);
});
