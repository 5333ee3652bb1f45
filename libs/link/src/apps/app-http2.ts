import { request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import {
  constants,
  performServerHandshake,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { Socket } from 'node:net';
import { duplexPair, pipeline, type Duplex } from 'node:stream';

/** Nobody has asked for anything for so long: the connection ends. ms */
const IDLE_MS = 75_000;
const IDLE_LOOK_MS = 15_000;
const MOST_STREAMS = 100;
const LONGEST_HEADERS = 16_384;
/** Of HTTP/1.1's connections, which a stream of HTTP/2 knows nothing of. */
const NOT_IN_HTTP2 = /^(connection|keep-alive|proxy-connection|transfer-encoding|upgrade|http2-settings)$/i;

/** As far as an `AppDoor` is one. */
interface Door {
  takes(request: Pick<IncomingMessage, 'headers' | 'url'>): boolean;
}

/**
 * HTTP/2 with browsers at hosts of apps: each stream becomes a request of HTTP/1.1 to what answers at the port anyhow, so
 * that who may, and what an app gets, is the same. WebSockets come by HTTP/1.1, as browsers do where none is offered here.
 */
export class AppHttp2 {
  constructor(
    private readonly door: Door,
    private readonly web: Server,
  ) {}

  /** Whether the name that TLS was asked for is a host of apps; who asks by an address tells none. */
  isHost(servername: unknown): boolean {
    if (typeof servername !== 'string') return false;
    return this.door.takes({ headers: { host: servername }, url: '/' });
  }

  take(socket: Socket): void {
    const session = performServerHandshake(socket, {
      settings: {
        maxConcurrentStreams: MOST_STREAMS,
        maxHeaderListSize: LONGEST_HEADERS,
        enableConnectProtocol: false,
      },
    });
    session.on('error', () => session.destroy());
    closeIdle(session);
    session.on('stream', (stream, headers, _flags, raw) => {
      stream.on('error', () => undefined);
      try {
        this.carry(stream, headers, raw, socket.remoteAddress ?? '');
      } catch {
        answerShortly(stream, 400);
      }
    });
  }

  private carry(
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    raw: readonly string[],
    address: string,
  ): void {
    const { ':method': method = '', ':path': path, ':authority': authority, host = '' } = headers;
    const name = authority ?? host;
    if (path === undefined || method === 'CONNECT') return answerShortly(stream, 405);
    // a browser takes a connection for other hosts too that the certificate names: they are to come by another
    if (!this.door.takes({ headers: { host: name }, url: path })) return answerShortly(stream, 421);
    if (host !== '' && host !== name) return answerShortly(stream, 400);
    const sent = httpRequest({
      ...{ method, path, headers: headersFor(name, raw, hasBody(stream, headers)) },
      createConnection: () => this.connection(address),
    });
    stream.once('close', () => sent.destroy());
    sent.on('error', () =>
      stream.headersSent ? stream.close(constants.NGHTTP2_INTERNAL_ERROR) : answerShortly(stream, 502),
    );
    sent.on('response', (answer) => {
      // its close may not have been told yet
      if (stream.destroyed) return void sent.destroy();
      stream.respond(answerHeaders(answer));
      pipeline(answer, stream, () => undefined);
    });
    pipeline(stream, sent, () => undefined);
  }

  /** A connection to the port's own HTTP/1.1, from the same address. */
  private connection(remoteAddress: string): Duplex {
    const [ours, theirs] = duplexPair();
    Object.assign(theirs, { remoteAddress });
    for (const end of [ours, theirs]) end.on('error', () => undefined);
    ours.once('close', () => theirs.destroy());
    theirs.once('close', () => ours.destroy());
    this.web.emit('connection', theirs);
    return ours;
  }
}

function closeIdle(session: ServerHttp2Session): void {
  let [open, since] = [0, Date.now()];
  session.on('stream', (stream) => {
    open += 1;
    stream.once('close', () => {
      open -= 1;
      since = Date.now();
    });
  });
  const timer = setInterval(() => {
    if (open === 0 && Date.now() - since > IDLE_MS) session.close();
  }, IDLE_LOOK_MS);
  timer.unref();
  session.once('close', () => clearInterval(timer));
}

/** Told by its length, or by the end that the first frame does not yet have. */
function hasBody(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): 'none' | 'length' | 'chunks' {
  if (stream.endAfterHeaders) return 'none';
  return headers['content-length'] === undefined ? 'chunks' : 'length';
}

function headersFor(host: string, raw: readonly string[], body: 'none' | 'length' | 'chunks'): string[] {
  const cookies: string[] = [];
  const headers: string[] = ['Host', host];
  for (let at = 0; at < raw.length; at += 2) {
    const [name = '', value = ''] = raw.slice(at, at + 2);
    // a browser tells each cookie by a header of its own
    if (name === 'cookie') cookies.push(value);
    else if (!name.startsWith(':') && name !== 'host' && !NOT_IN_HTTP2.test(name)) headers.push(name, value);
  }
  if (cookies.length > 0) headers.push('cookie', cookies.join('; '));
  if (body === 'chunks') headers.push('transfer-encoding', 'chunked');
  return [...headers, 'connection', 'close'];
}

/** As Node reads them: HTTP/2 takes once what HTTP/1.1 may say several times, and Node throws where it is said twice. */
function answerHeaders({ statusCode = 502, headers }: IncomingMessage): OutgoingHttpHeaders {
  const told = Object.entries(headers).filter(([name]) => !NOT_IN_HTTP2.test(name));
  return { ...Object.fromEntries(told), ':status': statusCode };
}

function answerShortly(stream: ServerHttp2Stream, status: number): void {
  if (stream.destroyed || stream.headersSent) return;
  stream.respond({ ':status': status, 'cache-control': 'no-store' }, { endStream: true });
  stream.close(constants.NGHTTP2_NO_ERROR);
}
