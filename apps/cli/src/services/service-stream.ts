import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { proxyPath, type ProxyAsked } from '@knot/contract';
import { KnotError } from '@knot/shared/errors';
import { createWebSocketStream, WebSocket } from 'ws';
import type { Client } from '../client/open-client.js';

const OPEN_MS = 20_000;

/** A connection from the server to a service of its network. Throws with the server's reason where it makes none. */
export function openServiceStream(client: Pick<Client, 'server' | 'headers'>, asked: ProxyAsked): Promise<Duplex> {
  const url = new URL(proxyPath(asked), client.server.replace(/^http/, 'ws'));
  const socket = new WebSocket(url, {
    ...{ perMessageDeflate: false, handshakeTimeout: OPEN_MS },
    headers: { ...client.headers },
    rejectUnauthorized: process.env['NODE_TLS_REJECT_UNAUTHORIZED'] !== '0',
  });
  return new Promise((resolve, reject) => {
    socket.once('unexpected-response', (_request, answer: IncomingMessage) => {
      reject(refusalOf(answer, asked));
      answer.resume();
      socket.terminate();
    });
    socket.once('error', (error) =>
      reject(new KnotError('server.unavailable', `The server cannot be asked: ${error.message}.`)),
    );
    socket.once('open', () => resolve(halfOpen(socket)));
  });
}

/** Ends its side by an empty message: a WebSocket that is closed would lose what the service still says. */
function halfOpen(socket: WebSocket): Duplex {
  const stream = createWebSocketStream(socket);
  stream._final = (done) => {
    if (socket.readyState === WebSocket.OPEN) socket.send(Buffer.alloc(0), done);
    else done();
  };
  return stream;
}

/** The status line alone tells why. */
function refusalOf({ statusMessage = '', statusCode = 0 }: IncomingMessage, { host, port }: ProxyAsked): KnotError {
  const service = port === 0 ? host : `${host}:${port}`;
  switch (statusMessage) {
    case 'auth.failed':
      return new KnotError('auth.failed', 'The token is not known, or has ended.', 'Make a new one: knot connect.');
    case 'access.denied':
      return new KnotError(
        'access.denied',
        `The server does not let you reach ${service}.`,
        'It needs the permission proxy.use, and server.proxy_allow has to name the service: ask whoever runs the server.',
      );
    case 'server.unavailable':
      return new KnotError('server.unavailable', `${service} is not known to the server, or does not answer.`);
    default:
      return new KnotError(
        'server.unavailable',
        `The server carries no services: it answered ${statusCode}.`,
        'It may be older than this program.',
      );
  }
}
