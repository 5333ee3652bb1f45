import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { LEAF_LINK_PATH, LEAF_LINK_READY, LEAF_LINK_UPGRADE } from '@knot/contract';
import { clientTls, writeAll, type GrpcTarget } from '@knot/link';
import { KnotError } from '@knot/shared/errors';
import { createWebSocketStream, WebSocket } from 'ws';

/** For each of the two ways to ask, ms. */
const DIAL_MS = 15_000;
/** HTTP's status for who is not known. */
const REFUSED = 401;

type Headers = Readonly<Record<string, string>>;

/** A connection to an origin that carries HTTP/2 from here on: itself, or a WebSocket where nothing else comes through. */
export async function dialLink(target: GrpcTarget, credential: string, signal: AbortSignal): Promise<Duplex> {
  const headers = { host: hostHeader(target), authorization: `Bearer ${credential}` };
  return (await dialled(target, headers, signal)) ?? byWebSocket(target, headers, signal);
}

/** The name that its certificate has too, though the address was had by SRV records: a proxy before several hosts goes by it. */
function hostHeader({ host, name = host, port, tls }: GrpcTarget): string {
  return new URL(`${tls ? 'https' : 'http'}://${bracketed(name)}:${port}`).host;
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/** Null where this cannot be; whoever is refused throws. */
async function dialled(target: GrpcTarget, headers: Headers, signal: AbortSignal): Promise<Socket | null> {
  const { host, port } = target;
  const asked = (target.tls ? httpsRequest : httpRequest)({
    ...{ host, port, path: LEAF_LINK_PATH, agent: false, signal },
    headers: { ...headers, connection: 'Upgrade', upgrade: LEAF_LINK_UPGRADE },
    ...(await clientTls(target)),
  });
  const late = setTimeout(() => asked.destroy(new Error('no answer in time')), DIAL_MS);
  const socket = await new Promise<Socket | null>((resolve, reject) => {
    asked.once('upgrade', (_answer, given: Duplex) => resolve(given instanceof Socket ? given : null));
    asked.once('response', ({ statusCode }) =>
      statusCode === REFUSED
        ? reject(new KnotError('auth.failed', 'The origin lets no link of this leaf in.'))
        : resolve(null),
    );
    asked.on('error', () => resolve(null));
    asked.end();
  }).finally(() => clearTimeout(late));
  if (!socket) {
    asked.destroy();
    return null;
  }
  socket.on('error', () => socket.destroy());
  socket.setNoDelay(true);
  await writeAll(socket, LEAF_LINK_READY);
  return socket;
}

async function byWebSocket(target: GrpcTarget, headers: Headers, signal: AbortSignal): Promise<Duplex> {
  const scheme = target.tls ? 'wss' : 'ws';
  const webSocket = new WebSocket(`${scheme}://${bracketed(target.host)}:${target.port}${LEAF_LINK_PATH}`, {
    headers,
    signal,
    handshakeTimeout: DIAL_MS,
    perMessageDeflate: false,
    ...(await clientTls(target)),
  });
  await new Promise((resolve, reject) => {
    webSocket.once('open', resolve);
    webSocket.once('error', reject);
  });
  return createWebSocketStream(webSocket);
}
