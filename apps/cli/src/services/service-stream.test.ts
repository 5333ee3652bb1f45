import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWebSocketStream, WebSocketServer } from 'ws';
import { forwardPort } from '../ssh/forwarded-port.js';
import { openServiceStream } from './service-stream.js';

/** Stands for the origin's door: what that refuses and reaches is tested there. */
let server: Server;
let url: string;
const asked: { path: string; authorization: string }[] = [];

beforeAll(async () => {
  const sockets = new WebSocketServer({ noServer: true });
  server = createServer((_request, response) => response.writeHead(404).end());
  server.on('upgrade', (request, socket, head) => {
    asked.push({ path: request.url ?? '', authorization: request.headers.authorization ?? '' });
    if (request.url?.includes('secret')) {
      return void socket.end('HTTP/1.1 403 access.denied\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const stream = createWebSocketStream(webSocket);
      stream.on('error', () => undefined);
      stream.pipe(stream, { end: false });
      webSocket.on('message', (data: Buffer) => data.length === 0 && stream.end(' to the end'));
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const client = () => ({ server: url, headers: { authorization: 'Bearer knt_x' } });

describe('a service of the server’s network', () => {
  it('is reached by a port of this machine, with the token shown and in no address', async () => {
    const listens = Promise.withResolvers<number>();
    void forwardPort(
      (port) => openServiceStream(client(), { host: 'db.internal', port }),
      { local: 0, port: 5432 },
      { listens: listens.resolve, refused: () => undefined },
    );
    const socket = connect(await listens.promise, '127.0.0.1');
    socket.write('hello');
    expect(String((await once(socket, 'data'))[0])).toBe('hello');
    socket.destroy();
    expect(asked.at(-1)).toEqual({ path: '/proxy/v1/db.internal/5432', authorization: 'Bearer knt_x' });
  });

  it('is heard out once this side has ended', async () => {
    const stream = await openServiceStream(client(), { host: 'db.internal', port: 9418 });
    stream.end('heard');
    let said = '';
    for await (const chunk of stream) said += String(chunk);
    expect(said).toBe('heard to the end');
  });

  it('is refused in words, and the next one is not', async () => {
    await expect(openServiceStream(client(), { host: 'secret.internal', port: 22 })).rejects.toMatchObject({
      code: 'access.denied',
      message: 'The server does not let you reach secret.internal:22.',
      hint: expect.stringContaining('server.proxy_allow'),
    });
    const stream = await openServiceStream(client(), { host: '2001:db8::1', port: 0 });
    expect(asked.at(-1)?.path).toBe('/proxy/v1/2001%3Adb8%3A%3A1/0');
    stream.destroy();
  });

  it('is not carried by a server that knows nothing of it, or is away', async () => {
    const older = createServer().on('upgrade', (_request, socket) =>
      socket.end('HTTP/1.1 404 resource.not_found\r\n\r\n'),
    );
    await once(older.listen(0, '127.0.0.1'), 'listening');
    const server = `http://127.0.0.1:${(older.address() as AddressInfo).port}`;
    const asking = () => openServiceStream({ ...client(), server }, { host: 'a', port: 1 });
    await expect(asking()).rejects.toThrow('it answered 404');
    older.close();
    older.closeAllConnections();
    await expect(asking()).rejects.toMatchObject({ code: 'server.unavailable' });
  });
});
