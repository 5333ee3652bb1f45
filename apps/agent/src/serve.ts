import { constants, performServerHandshake, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import type { Duplex } from 'node:stream';
import { endWhenSilent, WIDE, widen } from '@knot/link/streams';

const ASKING = { everyMs: 10_000, withinMs: 10_000 };
/** Per stream; one that is not read holds this much and no other stream. */
const WINDOW = 512 * 1024;

export type Route = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void;

/** What the leaf may open: by path. */
export type Routes = ReadonlyMap<string, Route>;

/** Serves the leaf over the connection that joined, until that ends. */
export function serveLeaf(socket: Duplex, routes: Routes): Promise<void> {
  const session = widen(
    performServerHandshake(socket, {
      settings: { initialWindowSize: WINDOW, maxConcurrentStreams: 1_000 },
      ...WIDE,
    }),
    socket,
  );
  session.on('stream', (stream, headers) => {
    stream.on('error', () => undefined);
    const route = routes.get(headers[':path']?.split('?')[0] ?? '') ?? notFound;
    try {
      route(stream, headers);
    } catch {
      // one that has been given up in the same breath can be answered no more; what else goes wrong ends it alone, too
      stream.close(constants.NGHTTP2_INTERNAL_ERROR);
    }
  });
  return new Promise((resolve) => {
    const end = () => {
      stop();
      session.destroy();
      socket.destroy();
      resolve();
    };
    const stop = endWhenSilent(session, ASKING, end);
    session.once('error', end);
    session.once('close', end);
    socket.once('close', end);
  });
}

function notFound(stream: ServerHttp2Stream): void {
  stream.respond({ ':status': 404 }, { endStream: true });
}
