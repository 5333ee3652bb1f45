import type { IncomingMessage, Server } from 'node:http';
import { pipeline, type Duplex } from 'node:stream';
import { LEAF_LINK_PATH, parseBytesPath } from '@knot/contract';
import type { Clock, Logger } from '@knot/shared';
import { KnotError, toKnotError } from '@knot/shared/errors';
import type { Store } from '@knot/shared/store';
import { WebSocketServer } from 'ws';
import type { AppDoor } from '../apps/app-door.js';
import type { LeafCredentials } from '../sync/leaf-credentials.js';
import type { LeafLinks } from './leaf-links.js';

/** What of a request goes on to a leaf; cookies and credentials never do. */
const PASSED = ['sec-websocket-key', 'sec-websocket-version', 'sec-websocket-protocol'] as const;

export interface BytesUpgradesParts {
  readonly store: Store;
  readonly credentials: LeafCredentials;
  readonly links: LeafLinks;
  readonly clock: Clock;
  readonly logger: Logger;
  /** `server.url` as an origin: scheme, host and port. */
  readonly ownOrigin: string;
  /** Web apps of spaces, by their host; null where there are none. */
  readonly apps: AppDoor | null;
}

/** Upgraded connections of the origin's port: links of leaves, and people's bytes, which are relayed unread. */
export class BytesUpgrades {
  private readonly linkSockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });

  constructor(private readonly parts: BytesUpgradesParts) {}

  serve(web: Server): void {
    web.on('upgrade', (request, socket, head) => {
      socket.on('error', () => socket.destroy());
      const { apps } = this.parts;
      if (apps?.takes(request)) return void apps.upgrade(request, socket, head);
      void this.upgrade(request, socket, head).catch((error: unknown) => {
        const known = toKnotError(error);
        this.parts.logger.debug({ err: known }, 'an upgraded connection was refused');
        socket.end(`HTTP/1.1 ${known.httpStatus} ${known.code}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      });
    });
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    return request.url === LEAF_LINK_PATH ? this.link(request, socket, head) : this.relay(request, socket, head);
  }

  private async link(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const { credentials, links, store } = this.parts;
    const credential = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const identity = await credentials.verify(credential, await store.now());
    this.linkSockets.handleUpgrade(request, socket, head, (webSocket) => void links.add(identity, webSocket));
  }

  /** The leaf checks the ticket; here it is only found out which leaf that is. */
  private async relay(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const asked = parseBytesPath(request.url ?? '');
    if (!asked) throw new KnotError('resource.not_found', 'There is nothing at this address.');
    this.assertOwnPage(request);
    const space = await this.parts.store.get('space', asked.space);
    const stream = space && this.parts.links.open(space.location);
    if (!stream) throw new KnotError('server.unavailable', 'The leaf of this space has no way open for bytes.');
    stream.write(madeAnew(request));
    if (head.length > 0) stream.write(head);
    pipeline(socket, stream, socket, () => {
      socket.destroy();
      stream.destroy();
    });
  }

  /** A page of another site can make a browser open a WebSocket here, but not hide where it comes from. */
  private assertOwnPage({ headers }: IncomingMessage): void {
    const { origin, host = '' } = headers;
    if (origin === undefined || origin === this.parts.ownOrigin) return;
    if (URL.parse(origin)?.host === host) return;
    throw new KnotError('access.csrf', 'The request came from a page of another site.');
  }
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
