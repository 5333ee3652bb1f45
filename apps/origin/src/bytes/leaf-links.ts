import { connect, type ClientHttp2Session } from 'node:http2';
import type { Duplex } from 'node:stream';
import { plainSocket } from '@knot/link';
import { createWebSocketStream, type WebSocket } from 'ws';
import type { LeafIdentity } from '../sync/caller.js';

const PING_EVERY_MS = 10_000;
const PING_MS = 15_000;
/** Per stream; one that is not read holds this much and no other stream. */
const WINDOW = 512 * 1024;

interface Link {
  readonly identity: LeafIdentity;
  /** A connection to the leaf's door for bytes. */
  open(): Duplex;
  close(): void;
}

/** The ways for bytes to leaves, by location: along the links that they dialled, and to the one in this process. */
export class LeafLinks {
  private readonly links = new Map<string, Link>();

  /** A new connection to the leaf of this location; null where none has a way open. */
  open(location: string): Duplex | null {
    return this.links.get(location)?.open() ?? null;
  }

  /** The leaf in this process. */
  addOwn(location: string, open: () => Duplex): void {
    this.links.set(location, { identity: { location, instance: '' }, open, close: () => undefined });
  }

  /** A leaf whose credential was checked has dialled: HTTP/2 over its WebSocket, this origin being the client. */
  async add(identity: LeafIdentity, webSocket: WebSocket): Promise<void> {
    const socket = await plainSocket(createWebSocketStream(webSocket));
    const session = connect('http://leaf', {
      createConnection: () => socket,
      settings: { enablePush: false, initialWindowSize: WINDOW },
      peerMaxConcurrentStreams: 10_000,
    });
    const link: Link = {
      identity,
      open: () => opened(session),
      close: () => socket.destroy(),
    };
    const timer = setInterval(() => {
      const late = setTimeout(() => socket.destroy(), PING_MS);
      if (!session.ping(() => clearTimeout(late))) clearTimeout(late);
    }, PING_EVERY_MS);
    session.on('error', () => socket.destroy());
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      clearInterval(timer);
      session.destroy();
      webSocket.terminate();
      if (this.links.get(identity.location) === link) this.links.delete(identity.location);
    });
    // The newest is the one that is dialled now; what goes through the other one ends with it.
    this.links.get(identity.location)?.close();
    this.links.set(identity.location, link);
  }

  /** Cuts what goes to an instance that was revoked. */
  revoke({ location, instance }: LeafIdentity): void {
    const link = this.links.get(location);
    if (link && link.identity.instance === instance) link.close();
  }

  close(): void {
    for (const link of this.links.values()) link.close();
  }
}

function opened(session: ClientHttp2Session): Duplex {
  const stream = session.request({ ':method': 'POST', ':path': '/connection' }, { endStream: false });
  stream.on('error', () => undefined);
  return stream;
}
