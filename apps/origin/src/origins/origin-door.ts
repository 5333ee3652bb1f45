import type { IncomingMessage } from 'node:http';
import { pipeline, type Duplex } from 'node:stream';
import { answeringSession } from '@knot/link';
import { createWebSocketStream, WebSocketServer } from 'ws';
import type { LeafLinks } from '../bytes/leaf-links.js';
import type { OriginPasses } from './origin-passes.js';

/** Where an origin dials another one, and what a stream asks for there. */
export const ORIGIN_LINK_PATH = '/origins/v1';
export const LOCATION_HEADER = 'knot-location';

/** Lets other origins of the store reach the leaves whose links hang on this one. Their bytes are handed on unread. */
export class OriginDoor {
  private readonly sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });

  constructor(
    private readonly passes: OriginPasses,
    private readonly links: Pick<LeafLinks, 'openHere'>,
  ) {}

  /** Throws `auth.failed` for whoever is no origin of this store. */
  async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    await this.passes.use(/^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '');
    this.sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const session = answeringSession(createWebSocketStream(webSocket), (stream, headers) => {
        // never asked for elsewhere: two origins would send one another round
        const way = this.links.openHere(String(headers[LOCATION_HEADER] ?? ''));
        if (!way) return stream.respond({ ':status': 404 }, { endStream: true });
        stream.respond({ ':status': 200 });
        pipeline(stream, way, stream, () => {
          stream.destroy();
          way.destroy();
        });
      });
      session
        .then(({ over }) => over)
        .then(
          () => webSocket.terminate(),
          () => webSocket.terminate(),
        );
    });
  }
}
