import { randomBytes } from 'node:crypto';
import { connect as connectHttp2, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { beforeAll, beforeEach, afterEach, describe, expect, it } from 'vitest';
import { startOrigin, type Origin } from '../tools/cluster.js';

/** A connection may last this long before it has said what it is, and a silent HTTP/2 one until a ping is missed, ms. */
const PATIENCE_MS = 25_000;
const HELLO = '/knot.sync.v1.Sync/Hello';
const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';

let plain: Origin;
let secure: Origin;

beforeAll(async () => {
  [plain, secure] = await Promise.all([startOrigin(), startOrigin({ tls: true })]);
});

const wellAt = async ({ url, process, api }: Origin) => {
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  expect(Array.isArray(await api.spaces())).toBe(true);
  expect(process.isRunning()).toBe(true);
};

afterEach(async () => {
  await wellAt(plain);
  await wellAt(secure);
});

function dial({ url }: Origin): Socket {
  const { hostname, port } = new URL(url);
  return connect(Number(port), hostname);
}

/** Sends the bytes, all at once or one by one, and tells whether the server hangs up. */
async function isDropped(socket: Socket, bytes: Buffer | string, slowly = false): Promise<boolean> {
  let dropped = true;
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => undefined);
  socket.resume();
  const rest = [...Buffer.from(bytes)];
  if (!slowly) socket.write(Buffer.from(rest.splice(0)));
  const timer = setInterval(() => {
    const next = rest.shift();
    if (next !== undefined && socket.writable) socket.write(Buffer.of(next));
  }, 700);
  const gaveUp = setTimeout(() => {
    dropped = false;
    socket.destroy();
  }, PATIENCE_MS);
  await closed;
  clearInterval(timer);
  clearTimeout(gaveUp);
  return dropped;
}

describe('a stranger on the port', () => {
  it('is dropped when it says nothing, says it too slowly, or talks garbage', async () => {
    const garbage = randomBytes(50_000);
    const dropped = {
      silent: isDropped(dial(plain), ''),
      slowHttp2: isDropped(dial(plain), PREFACE.slice(0, -1), true),
      slowHttp1: isDropped(dial(plain), `GET / HTTP/1.1\r\nhost: ${'a'.repeat(100)}\r\n`, true),
      garbage: isDropped(dial(plain), garbage),
      garbageAsHttp2: isDropped(dial(plain), Buffer.concat([Buffer.from(PREFACE), garbage])),
      prefaceAlone: isDropped(dial(plain), PREFACE),
      silentBeforeTls: isDropped(dial(secure), ''),
      slowTls: isDropped(dial(secure), '\u0016\u0003\u0001\u0002\u0000\u0001', true),
      garbageAsTls: isDropped(dial(secure), garbage),
      plainToTls: isDropped(dial(secure), 'GET / HTTP/1.1\r\nhost: a\r\n\r\n'),
      silentHttp2InTls: isDropped(tls(secure, 'h2'), ''),
      garbageInTls: isDropped(tls(secure, 'h2'), garbage),
      silentHttp1InTls: isDropped(tls(secure, 'http/1.1'), ''),
    };
    const kept: string[] = [];
    for (const [name, outcome] of Object.entries(dropped)) if (!(await outcome)) kept.push(name);
    expect(kept).toEqual([]);
  }, 60_000);
});

function tls({ url }: Origin, protocol: string): Socket {
  const { hostname, port } = new URL(url);
  return connectTls({ host: hostname, port: Number(port), ALPNProtocols: [protocol] });
}

describe('a stranger that speaks HTTP/2', () => {
  let session: ClientHttp2Session;

  beforeEach(async () => {
    session = connectHttp2(plain.url);
    session.on('error', () => undefined);
    await new Promise((resolve) => session.once('remoteSettings', resolve));
  });

  afterEach(() => session.destroy());

  const call = (headers: Record<string, string | string[]> = {}): ClientHttp2Stream => {
    const head = { ':method': 'POST', ':path': HELLO, 'content-type': 'application/grpc', te: 'trailers', ...headers };
    const stream = session.request(head);
    stream.on('error', () => undefined);
    return stream;
  };

  /** gRPC status of the answer; null when the stream or the connection was closed instead. */
  const answer = (stream: ClientHttp2Stream) =>
    new Promise<string | null>((resolve) => {
      const look = (headers: Record<string, unknown>) => {
        const status = headers['grpc-status'];
        if (typeof status === 'string') resolve(status);
      };
      stream.on('response', look);
      stream.on('trailers', look);
      stream.on('close', () => resolve(null));
      stream.resume();
    });

  it('is not listened to beyond what a head may hold', async () => {
    const stream = call({ 'x-much': 'y'.repeat(200_000) });
    stream.end();
    expect(await answer(stream)).not.toBe('0');
  });

  it('is refused a message of more than 4 MB', async () => {
    const stream = call();
    const head = Buffer.alloc(5);
    head.writeUInt32BE(64 * 1024 * 1024, 1);
    stream.write(head);
    stream.write(Buffer.alloc(5 * 1024 * 1024));
    expect(await answer(stream)).not.toBe('0');
  });

  it('may have a hundred calls open at once, no more', () => {
    expect(session.remoteSettings.maxConcurrentStreams).toBe(100);
  });

  it.each(['List', 'Watch', 'RenewLease', 'ReportStatus'])('without a credential is refused %s', async (method) => {
    const stream = call({ ':path': `/knot.sync.v1.Sync/${method}` });
    stream.end(Buffer.alloc(5));
    expect(await answer(stream)).toBe('16');
  });
});
