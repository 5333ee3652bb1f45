import type { Server as GrpcServer } from '@grpc/grpc-js';
import { ServerCredentials } from '@grpc/grpc-js';
import { once } from 'node:events';
import type { Server as WebServer } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { isSystemError, KnotError } from '@knot/shared/errors';
import type { AppHttp2 } from './apps/app-http2.js';

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
/** A connection has this long, from its first moment, to say what it is: TLS and the first line, however slowly. */
const FIRST_BYTES_MS = 10_000;

export interface OnePortOptions {
  /** '' = all addresses. */
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
  /** PEM; null = plaintext. */
  readonly tls: { readonly key: string; readonly cert: string } | null;
  /** Takes HTTP/1.1 and WebSocket; never listens itself. */
  readonly web: WebServer;
  /** Takes HTTP/2, but for hosts of apps. */
  readonly grpc: GrpcServer;
  /** Takes HTTP/2 under TLS for hosts of apps; absent: they are spoken HTTP/1.1 with. */
  readonly apps?: AppHttp2 | undefined;
  /** 10 s unless given, ms. */
  readonly firstBytesMs?: number;
}

export interface OnePort {
  readonly host: string;
  readonly port: number;
  /** Stops accepting at once and cuts what is still open after `graceMs`. */
  close(graceMs: number): Promise<void>;
}

/**
 * One port for HTTP/1.1, WebSocket and gRPC: told apart by ALPN under TLS (a browser offers both, and is not for gRPC; at
 * a host of apps it gets HTTP/2), by the HTTP/2 preface without.
 * Throws `config.invalid` when the address cannot be had.
 */
export async function listenOnePort(options: OnePortOptions): Promise<OnePort> {
  const { web, tls, apps, firstBytesMs = FIRST_BYTES_MS } = options;
  const injector = options.grpc.createConnectionInjector(ServerCredentials.createInsecure());
  const sockets = new Set<Socket>();
  const toGrpc = (socket: Socket) => injector.injectConnection(socket);
  const toWeb = (socket: Socket) => web.emit('connection', socket);
  // Node watches over slow heads and requests from this event on, which a server that never listens would not get.
  web.emit('listening');
  const server = tls
    ? createTlsServer(
        {
          ...{ ...tls, handshakeTimeout: firstBytesMs, noDelay: true },
          ALPNCallback: ({ servername, protocols }) => {
            const wanted = apps?.isHost(servername) ? ['h2', 'http/1.1'] : ['http/1.1', 'h2'];
            return wanted.find((one) => protocols.includes(one));
          },
        },
        (socket) => {
          if (socket.alpnProtocol !== 'h2') toWeb(socket);
          // the name that its client asked for, of which the types know nothing
          else if (apps?.isHost(Reflect.get(socket, 'servername'))) apps.take(socket);
          else toGrpc(socket);
        },
      )
    : createServer({ noDelay: true }, (socket) => tellApart(socket, firstBytesMs, toGrpc, toWeb));
  // A handshake that fails or takes too long.
  server.on('tlsClientError', (_error: Error, socket: Socket) => socket.destroy());
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  });
  const { host, port } = await listen(server, options.host === '' ? '::' : options.host, options.port);
  return {
    host,
    port,
    close: (graceMs) => {
      injector.drain(graceMs);
      return close(server, web, sockets, graceMs);
    },
  };
}

function tellApart(
  socket: Socket,
  firstBytesMs: number,
  toGrpc: (socket: Socket) => void,
  toWeb: (socket: Socket) => void,
): void {
  let seen = Buffer.alloc(0);
  const tooSlow = setTimeout(() => socket.destroy(), firstBytesMs);
  socket.once('close', () => clearTimeout(tooSlow));
  const look = () => {
    const chunk: unknown = socket.read();
    if (!Buffer.isBuffer(chunk)) return;
    seen = Buffer.concat([seen, chunk]);
    const compared = Math.min(seen.length, PREFACE.length);
    const matches = seen.subarray(0, compared).equals(PREFACE.subarray(0, compared));
    if (matches && compared < PREFACE.length) return;
    socket.removeListener('readable', look);
    clearTimeout(tooSlow);
    socket.unshift(seen);
    if (matches) toGrpc(socket);
    else toWeb(socket);
  };
  socket.on('readable', look);
}

async function listen(server: Server, host: string, port: number): Promise<{ host: string; port: number }> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const hint = isSystemError(error, 'EADDRINUSE')
      ? 'Another program has this port: stop it or set another in server.listen.'
      : 'Check server.listen.';
    throw new KnotError('config.invalid', `Cannot listen on ${host}:${port}: ${why}`, hint);
  }
  // A connection that cannot be accepted (no file descriptor left) is that one's loss, not the server's end.
  server.on('error', () => undefined);
  const bound = server.address();
  return typeof bound === 'object' && bound !== null ? { host: bound.address, port: bound.port } : { host, port };
}

async function close(server: Server, web: WebServer, sockets: Set<Socket>, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  web.closeIdleConnections();
  const timer = setTimeout(() => sockets.forEach((socket) => socket.destroy()), graceMs);
  await closed;
  clearTimeout(timer);
}
