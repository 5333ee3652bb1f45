import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type ClientHttp2Session, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGrpcServer } from '../create-grpc-server.js';
import { listenOnePort, type OnePort } from '../one-port.js';
import { ownCertificate } from '../own-certificate.js';
import { AppHttp2 } from './app-http2.js';

const door = {
  takes: ({ headers }: Pick<IncomingMessage, 'headers'>) => /\.apps\.test(:\d+)?$/.test(headers.host ?? ''),
};

let folder: string;
let tls: { readonly key: string; readonly cert: string };
let web: Server;
let port: OnePort;
let session: ClientHttp2Session;
/** What was asked for last, as HTTP/1.1. */
let asked: IncomingMessage | null = null;
/** Whether a request to /slow has been given up by its client. */
let gone = false;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'knot-http2-'));
  tls = await ownCertificate(folder, ['127.0.0.1'], Date.now());
  web = createServer(answer);
  const apps = new AppHttp2(door, web);
  port = await listenOnePort({ host: '127.0.0.1', port: 0, tls, web, grpc: createGrpcServer(), apps });
  session = connect('https://a.apps.test', {
    createConnection: () => socketFor('a.apps.test', ['h2', 'http/1.1']),
  });
});

afterAll(async () => {
  session.destroy();
  await port.close(0);
  await rm(folder, { recursive: true });
});

/** What some apps say, and no browser minds by HTTP/1.1. */
const TWICE = [
  'Content-Type',
  'text/html',
  'Content-Type',
  'text/plain',
  'Date',
  'one',
  'Date',
  'two',
  'Vary',
  'a',
  'Vary',
  'b',
];

function answer(request: IncomingMessage, response: ServerResponse): void {
  asked = request;
  if (request.url === '/slow') return void response.once('close', () => (gone = true)).write('first');
  if (request.url === '/broken') return void response.write('part', () => response.destroy());
  if (request.url === '/twice') return void response.writeHead(200, TWICE).end();
  response.setHeader('set-cookie', ['a=1', 'b=2']).setHeader('keep-alive', 'timeout=5');
  if (request.url === '/echo') return void request.pipe(response);
  response.end(`well, ${request.socket.remoteAddress}`);
}

function socketFor(servername: string, protocols: string[]) {
  return connectTls({
    port: port.port,
    host: '127.0.0.1',
    servername,
    ALPNProtocols: protocols,
    ca: tls.cert,
    checkServerIdentity: () => undefined,
  });
}

interface Got {
  readonly headers: IncomingHttpHeaders & { readonly ':status'?: number };
  readonly body: string;
  /** Of the stream's end; 0 is well. */
  readonly code: number;
}

function get(headers: OutgoingHttpHeaders, body?: readonly string[]): Promise<Got> {
  const stream = session.request(headers, { endStream: body === undefined });
  let [text, heard]: [string, IncomingHttpHeaders] = ['', {}];
  stream.on('response', (told) => (heard = told));
  stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  stream.on('error', () => undefined);
  for (const part of body ?? []) stream.write(part);
  if (body) stream.end();
  return new Promise((resolve) => {
    stream.once('close', () => resolve({ headers: heard, body: text, code: stream.rstCode }));
  });
}

describe('a host of apps under TLS', () => {
  it.each([
    ['a.apps.test', ['h2', 'http/1.1'], 'h2'],
    ['a.apps.test', ['http/1.1'], 'http/1.1'],
    ['knot.test', ['h2', 'http/1.1'], 'http/1.1'],
    ['knot.test', ['h2'], 'h2'],
    ['', ['h2', 'http/1.1'], 'http/1.1'],
  ])('is spoken with at %s, of %j, by %s', async (name, offered, spoken) => {
    const socket = socketFor(name, offered);
    socket.on('error', () => undefined);
    await new Promise((resolve) => socket.once('secureConnect', resolve));
    expect(socket.alpnProtocol).toBe(spoken);
    socket.destroy();
  });

  it('is answered as by HTTP/1.1, with all of its headers and the address of who asks', async () => {
    const { headers, body } = await get({ ':path': '/x?y=1', cookie: ['m=1', 'n=2'], 'x-mine': 'z', te: 'trailers' });
    expect([headers[':status'], body]).toEqual([200, 'well, 127.0.0.1']);
    expect([headers['set-cookie'], headers['keep-alive'], headers['connection']]).toEqual([
      ['a=1', 'b=2'],
      undefined,
      undefined,
    ]);
    expect([asked?.method, asked?.url, asked?.httpVersion]).toEqual(['GET', '/x?y=1', '1.1']);
    expect(asked?.headers).toMatchObject({
      host: 'a.apps.test:443',
      cookie: 'm=1; n=2',
      'x-mine': 'z',
      connection: 'close',
    });
  });

  it('tells once what an app says twice, and is there afterwards', async () => {
    const { headers } = await get({ ':path': '/twice' });
    expect([headers[':status'], headers['content-type'], headers.vary]).toEqual([200, 'text/html', 'a, b']);
    expect((await get({ ':path': '/' })).headers[':status']).toBe(200);
  });

  it('takes bodies with a length and without', async () => {
    const parts = ['one ', 'two ', 'x'.repeat(200_000)];
    expect((await get({ ':method': 'POST', ':path': '/echo' }, parts)).body).toBe(parts.join(''));
    expect(asked?.headers['transfer-encoding']).toBe('chunked');
    expect((await get({ ':method': 'PUT', ':path': '/echo', 'content-length': '4' }, ['four'])).body).toBe('four');
    expect(asked?.headers['transfer-encoding']).toBeUndefined();
    expect((await get({ ':method': 'HEAD', ':path': '/' })).headers[':status']).toBe(200);
  });

  it('sends elsewhere what is asked for at another host, and takes no second name', async () => {
    const status = async (headers: OutgoingHttpHeaders) => (await get(headers)).headers[':status'];
    expect(await status({ ':path': '/', ':authority': 'knot.test' })).toBe(421);
    expect(await status({ ':path': '/', ':authority': 'b.apps.test' })).toBe(200);
    expect(await status({ ':path': '/', ':authority': 'b.apps.test', host: 'a.apps.test' })).toBe(400);
    expect(await status({ ':path': '/a b' })).not.toBe(200);
  });

  it('tells the one side that the other has gone', async () => {
    const stream = session.request({ ':path': '/slow' });
    await new Promise((resolve) => stream.once('data', resolve));
    stream.close();
    await expect.poll(() => gone, { timeout: 30_000 }).toBe(true);
    expect((await get({ ':path': '/broken' })).code).not.toBe(0);
    expect((await get({ ':path': '/' })).headers[':status']).toBe(200);
  });

  it('refuses header bombs, and goes on', async () => {
    const bomb = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`x-${index}`, 'y'.repeat(1_000)]));
    const { headers, code } = await get({ ':path': '/', ...bomb });
    expect(headers[':status'] === 431 || code !== 0).toBe(true);
    expect((await get({ ':path': '/' })).headers[':status']).toBe(200);
  });
});
