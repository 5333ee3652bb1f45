import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { connect as connectPlain, type Socket } from 'node:net';
import { pipeline } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import type { AgentPort } from '@knot/contract';

const CONNECT_MS = 10_000;

/** Joins a stream of the leaf to something that listens on this space's loopback: what is offered, and nothing else. */
export class PortStreams {
  constructor(
    private readonly offered: () => readonly AgentPort[],
    private readonly onActive: () => void,
  ) {}

  serve(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    const port = this.offered().find((one) => String(one.port) === headers['knot-port']);
    if (!port) return void stream.respond({ ':status': 404 }, { endStream: true });
    this.onActive();
    const socket = connected(port, String(headers['knot-host'] ?? ''));
    socket.setTimeout(CONNECT_MS, () => socket.destroy());
    const fail = () => {
      if (!stream.headersSent && !stream.closed && !stream.destroyed)
        stream.respond({ ':status': 502 }, { endStream: true });
      socket.destroy();
    };
    socket.once('error', fail);
    stream.once('close', () => socket.destroy());
    socket.once(port.protocol === 'https' ? 'secureConnect' : 'connect', () => {
      // given up meanwhile
      if (stream.closed || stream.destroyed) return void socket.destroy();
      socket.setTimeout(0);
      socket.off('error', fail);
      stream.respond({ ':status': 200 });
      pipeline(stream, socket, () => undefined);
      pipeline(socket, stream, () => undefined);
    });
  }
}

/** An app's certificate is its own: what it protects is a way within the space's loopback. */
function connected({ port, protocol }: AgentPort, servername: string): Socket {
  const to = { host: '127.0.0.1', port, allowHalfOpen: true, noDelay: true };
  if (protocol !== 'https') return connectPlain(to);
  return connectTls({ ...to, servername, rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] });
}
