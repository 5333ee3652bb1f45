import {
  connect,
  constants,
  performServerHandshake,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { endWhenSilent } from './end-when-silent.js';
import { plainSocket } from './plain-socket.js';
import { WIDE, widen } from './wide-session.js';

const ASKING = { everyMs: 10_000, withinMs: 15_000 };
/** Per stream; one that is not read holds this much and no other stream. */
const WINDOW = 512 * 1024;
const MOST_STREAMS = 10_000;

/** HTTP/2 along one connection between servers, each of its streams a connection of somebody; it ends with its carrier. */
export interface ByteSession {
  /** Settles once it has ended. */
  readonly over: Promise<void>;
  close(): void;
}

export interface AskingSession extends ByteSession {
  /** A new stream; it breaks where the session does. Throws where that has ended. */
  open(headers?: Readonly<Record<string, string>>): ClientHttp2Stream;
}

/** The end that opens streams. */
export async function askingSession(carrier: Duplex): Promise<AskingSession> {
  const socket = await socketOf(carrier);
  const session = widen(
    connect('http://bytes', {
      createConnection: () => socket,
      settings: { enablePush: false, initialWindowSize: WINDOW },
      peerMaxConcurrentStreams: MOST_STREAMS,
      ...WIDE,
    }),
    socket,
  );
  return {
    ...watched(session, socket),
    open: (headers = {}) => {
      const wanted = { ':method': 'POST', ':path': '/connection', ...headers };
      const stream = session.request(wanted, { endStream: false });
      stream.on('error', () => undefined);
      return stream;
    },
  };
}

/** The end that takes them; each still waits for its answer. */
export async function answeringSession(
  carrier: Duplex,
  onStream: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void,
): Promise<ByteSession> {
  const socket = await socketOf(carrier);
  const session = widen(
    performServerHandshake(socket, {
      settings: { initialWindowSize: WINDOW, maxConcurrentStreams: MOST_STREAMS },
      ...WIDE,
    }),
    socket,
  );
  session.on('stream', (stream, headers) => {
    stream.on('error', () => undefined);
    try {
      onStream(stream, headers);
    } catch {
      // one that has been given up in the same breath can be answered no more; what else goes wrong ends it alone, too
      stream.close(constants.NGHTTP2_INTERNAL_ERROR);
    }
  });
  return watched(session, socket);
}

/** A connection itself carries HTTP/2; anything else does by a socket that is made for it. */
async function socketOf(carrier: Duplex): Promise<Socket> {
  return carrier instanceof Socket ? carrier : plainSocket(carrier);
}

/** One whose other end does not answer is cut. */
function watched(session: ClientHttp2Session | ServerHttp2Session, socket: Socket): ByteSession {
  const stop = endWhenSilent(session, ASKING, () => socket.destroy());
  session.on('error', () => socket.destroy());
  session.once('close', () => socket.destroy());
  socket.on('error', () => socket.destroy());
  const over = new Promise<void>((resolve) => {
    socket.once('close', () => {
      stop();
      session.destroy();
      resolve();
    });
  });
  return { over, close: () => void socket.destroy() };
}
