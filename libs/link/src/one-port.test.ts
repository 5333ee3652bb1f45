import { mkdtemp, rm } from 'node:fs/promises';
import { once } from 'node:events';
import http from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { createGrpcServer } from './create-grpc-server.js';
import { listenOnePort, type OnePort } from './one-port.js';
import { ownCertificate } from './own-certificate.js';

const FIRST_BYTES_MS = 400;
const opened: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

async function serve(useTls: boolean): Promise<OnePort> {
  const folder = await mkdtemp(join(tmpdir(), 'knot-port-'));
  opened.push(() => rm(folder, { recursive: true }));
  const tls = useTls ? await ownCertificate(folder, ['127.0.0.1'], Date.now()) : null;
  const web = http.createServer(
    { headersTimeout: FIRST_BYTES_MS, requestTimeout: FIRST_BYTES_MS, connectionsCheckingInterval: 50 },
    (_request, response) => response.end('well'),
  );
  const port = await listenOnePort({
    ...{ host: '127.0.0.1', port: 0, tls, web, grpc: createGrpcServer(), firstBytesMs: FIRST_BYTES_MS },
  });
  opened.push(() => port.close(0));
  return port;
}

/** Sends the bytes one by one, and tells when the server hangs up. */
async function drip(socket: Socket, text: string, everyMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => undefined);
  socket.resume();
  const bytes = [...Buffer.from(text)];
  const timer = setInterval(() => {
    const next = bytes.shift();
    if (next !== undefined && socket.writable) socket.write(Buffer.of(next));
  }, everyMs);
  await closed;
  clearInterval(timer);
}

describe('listenOnePort', () => {
  it.each([
    ['says nothing', ''],
    ['begins like HTTP/2 and takes its time', 'PRI * HTTP/2.0\r\n\r\nSM\r\n'],
    ['takes its time with the head of a request', 'GET / HTTP/1.1\r\nhost: somewhere-far-away\r\n'],
  ])('drops a stranger that %s, though a byte comes now and then', async (_name, text) => {
    const { port } = await serve(false);
    await drip(connect(port, '127.0.0.1'), text, 100);
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('well');
  });

  it.each([
    ['a browser, which speaks HTTP/2 as well, HTTP/1.1', ['h2', 'http/1.1'], 'http/1.1'],
    ['a leaf HTTP/2, for it speaks nothing else', ['h2'], 'h2'],
  ])('speaks with %s', async (_who, ALPNProtocols, spoken) => {
    const { port } = await serve(true);
    const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false, ALPNProtocols });
    await once(socket, 'secureConnect');
    expect(socket.alpnProtocol).toBe(spoken);
    socket.destroy();
  });

  it('drops a stranger that never ends the TLS handshake, and one that says nothing after it', async () => {
    const { port } = await serve(true);
    await drip(connect(port, '127.0.0.1'), '\u0016\u0003\u0001', 100);
    await drip(connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false }), '', 100);
    await drip(connect(port, '127.0.0.1'), 'this is no TLS at all\r\n', 10);
  });
});
