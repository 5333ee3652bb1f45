import type { IncomingMessage, Server } from 'node:http';
import { pipeline, type Duplex } from 'node:stream';
import {
  LEAF_LINK_PATH,
  LEAF_LINK_READY,
  LEAF_LINK_UPGRADE,
  parseBytesPath,
  parseTicketClaims,
  ticketAmong,
} from '@knot/contract';
import type { Logger } from '@knot/shared';
import { KnotError, toKnotError } from '@knot/shared/errors';
import { createWebSocketStream, WebSocketServer } from 'ws';
import type { AppName } from '@knot/domain';
import { readLine, writeAll, type AppDoor, type ClientAddress } from '@knot/link';
import type { Refusals } from '../audit/refusals.js';
import { ORIGIN_LINK_PATH, type OriginDoor } from '../origins/origin-door.js';
import type { ProxyDoor } from '../proxy/proxy-door.js';
import type { LeafCredentials } from '../sync/leaf-credentials.js';
import type { LeafLinks } from './leaf-links.js';
import { mayStillEnter, type EnteringParts } from './may-still-enter.js';
import type { OpenUses } from './open-uses.js';

/** What of a request goes on to a leaf; cookies and credentials never do. */
const PASSED = ['sec-websocket-key', 'sec-websocket-version', 'sec-websocket-protocol'] as const;

/** What is refused, by the path that was asked for. */
const ACTIONS: ReadonlyMap<string, string> = new Map([
  [LEAF_LINK_PATH, 'leaf.link'],
  [ORIGIN_LINK_PATH, 'origin.link'],
]);

export interface BytesUpgradesParts extends EnteringParts {
  readonly credentials: LeafCredentials;
  readonly links: LeafLinks;
  readonly uses: OpenUses;
  /** For other origins of the store; null where one process alone can have it open. */
  readonly originDoor: OriginDoor | null;
  /** For services of the server's network. */
  readonly proxyDoor: ProxyDoor;
  readonly refusals: Pick<Refusals, 'note'>;
  readonly logger: Logger;
  /** `server.url` as an origin: scheme, host and port. */
  readonly ownOrigin: string;
  readonly addressOf: ClientAddress;
  /** Web apps of spaces, by their host; null where there are none. */
  readonly apps: AppDoor<AppName> | null;
}

/** How long a leaf that is let in has to show that it stands ready, ms. */
const READY_MS = 15_000;
/** Of a message of a link, which carries what was read from a socket at once. */
const LONGEST_LINK_MESSAGE = 1024 * 1024;

/** Upgraded connections of the origin's port: links of leaves, and people's bytes, which are relayed unread. */
export class BytesUpgrades {
  private readonly linkSockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: LONGEST_LINK_MESSAGE,
  });

  constructor(private readonly parts: BytesUpgradesParts) {}

  serve(web: Server): void {
    web.on('upgrade', (request, socket, head) => {
      socket.on('error', () => socket.destroy());
      const { apps } = this.parts;
      if (apps?.takes(request)) return void apps.upgrade(request, socket, head);
      void this.upgrade(request, socket, head).catch((error: unknown) => {
        const known = toKnotError(error);
        this.parts.logger.debug({ err: known }, 'an upgraded connection was refused');
        this.note(known, request);
        socket.end(`HTTP/1.1 ${known.httpStatus} ${known.code}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      });
    });
  }

  private note(error: KnotError, request: IncomingMessage): void {
    const { proxyDoor, refusals, addressOf } = this.parts;
    // it has done so, by the name of who asked
    if (proxyDoor.takes(request)) return;
    const action = ACTIONS.get(request.url ?? '') ?? 'space.enter';
    refusals.note(error, { actor: '', address: addressOf(request), action });
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const { originDoor, proxyDoor } = this.parts;
    if (proxyDoor.takes(request)) return proxyDoor.upgrade(request, socket, head);
    if (originDoor && request.url === ORIGIN_LINK_PATH) return originDoor.upgrade(request, socket, head);
    return request.url === LEAF_LINK_PATH ? this.link(request, socket, head) : this.relay(request, socket, head);
  }

  private async link(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const { credentials, links, store } = this.parts;
    const credential = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const identity = await credentials.verify(credential, await store.now());
    if (request.headers.upgrade === LEAF_LINK_UPGRADE) {
      await standsReady(socket);
      return links.add(identity, socket);
    }
    this.linkSockets.handleUpgrade(request, socket, head, (webSocket) => {
      const carrier = createWebSocketStream(webSocket);
      // the leaf dials again
      links.add(identity, carrier).catch(() => carrier.destroy());
    });
  }

  /** The leaf checks the ticket; here it is only found out which leaf that is, and later whether its holder still may. */
  private async relay(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const asked = parseBytesPath(request.url ?? '');
    if (!asked) throw new KnotError('resource.not_found', 'There is nothing at this address.');
    this.assertOwnPage(request);
    const { store, links, uses } = this.parts;
    const space = await store.get('space', asked.space);
    if (space) uses.assertRoom(space.id);
    const stream = space && (await links.open(space.location));
    if (!stream) throw new KnotError('server.unavailable', 'The leaf of this space has no way open for bytes.');
    // whoever has gone meanwhile leaves nothing open at the leaf
    if (socket.destroyed) return void stream.destroy();
    stream.write(madeAnew(request));
    if (head.length > 0) stream.write(head);
    const cut = () => {
      socket.destroy();
      stream.destroy();
    };
    const over = new Promise<void>((resolve) => {
      pipeline(socket, stream, socket, () => {
        cut();
        resolve();
      });
    });
    const proof = proofShown(request);
    const still = () => mayStillEnter(this.parts, proof, space.id);
    await uses.watch(space.id, { key: `bytes ${proof} ${space.id}`, still, cut }, over);
  }

  /** A page of another site can make a browser open a WebSocket here, but not hide where it comes from. */
  private assertOwnPage({ headers }: IncomingMessage): void {
    const { origin, host = '' } = headers;
    if (origin === undefined || origin === this.parts.ownOrigin) return;
    if (URL.parse(origin)?.host === host) return;
    throw new KnotError('access.csrf', 'The request came from a page of another site.');
  }
}

/** Lets a leaf in. Throws where it does not go on in time. */
async function standsReady(socket: Duplex): Promise<void> {
  const late = setTimeout(() => socket.destroy(), READY_MS);
  try {
    await writeAll(
      socket,
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${LEAF_LINK_UPGRADE}\r\n\r\n`,
    );
    await readLine(socket, LEAF_LINK_READY.length);
  } finally {
    clearTimeout(late);
  }
}

/** In whose name the ticket was given that is shown; what it says is true of a ticket that the leaf lets in. */
function proofShown({ headers }: IncomingMessage): string {
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((one) => one.trim());
  const [body = ''] = ticketAmong(offered).split('.');
  return parseTicketClaims(Buffer.from(body, 'base64url').toString())?.proof ?? '';
}

/** The request as a leaf gets it: on its own host, and with nothing of the person's but the sub-protocols. */
function madeAnew(request: IncomingMessage): string {
  const headers = PASSED.flatMap((name) => {
    const value = request.headers[name];
    return typeof value === 'string' ? [`${name}: ${value}`] : [];
  });
  const lines = [`GET ${request.url} HTTP/1.1`, 'Host: leaf', 'Connection: Upgrade', 'Upgrade: websocket', ...headers];
  return `${lines.join('\r\n')}\r\n\r\n`;
}
