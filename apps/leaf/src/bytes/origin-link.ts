import { performServerHandshake } from 'node:http2';
import { LEAF_LINK_PATH } from '@knot/contract';
import { clientTls, plainSocket, type GrpcTarget } from '@knot/link';
import type { Clock, Logger } from '@knot/shared';
import { toKnotError } from '@knot/shared/errors';
import { createWebSocketStream, WebSocket } from 'ws';
import { pause } from '../within.js';
import type { BytesDoor } from './bytes-door.js';

const DIAL_MS = 15_000;
const LONGEST_PAUSE_MS = 10_000;
const PING_EVERY_MS = 10_000;
const PING_MS = 15_000;
/** Per stream; one that is not read holds this much and no other stream. */
const WINDOW = 512 * 1024;

/**
 * The way for bytes that this leaf dials, so that people get in where it has no address of its own: a WebSocket to its
 * origin, HTTP/2 inside with the origin as the client. Each stream is one connection of somebody.
 */
export class OriginLink {
  constructor(
    private readonly parts: {
      /** Where the origin is by now: one after the other is tried. */
      readonly targets: () => Promise<readonly GrpcTarget[]>;
      readonly door: BytesDoor;
      /** '' before this leaf is enrolled. */
      readonly credential: () => string;
      readonly clock: Clock;
      readonly logger: Logger;
    },
  ) {}

  /** Until the signal: dials again for ever. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, logger, credential } = this.parts;
    for (let failures = 0; !signal.aborted; failures += 1) {
      try {
        if (credential() !== '') {
          const targets = await this.parts.targets();
          const target = targets[failures % targets.length];
          if (target) await this.once(target, signal);
          failures = 0;
        }
      } catch (error) {
        if (!signal.aborted) logger.debug({ err: toKnotError(error) }, 'the link for bytes did not come about');
      }
      await pause(clock, Math.min(LONGEST_PAUSE_MS, 250 * 2 ** failures) * (0.5 + Math.random() / 2), signal);
    }
  }

  private async once(target: GrpcTarget, signal: AbortSignal): Promise<void> {
    const { door, credential, logger } = this.parts;
    const scheme = target.tls ? 'wss' : 'ws';
    const host = target.host.includes(':') ? `[${target.host}]` : target.host;
    const webSocket = new WebSocket(`${scheme}://${host}:${target.port}${LEAF_LINK_PATH}`, {
      headers: { authorization: `Bearer ${credential()}` },
      handshakeTimeout: DIAL_MS,
      perMessageDeflate: false,
      ...(await clientTls(target)),
    });
    await opened(webSocket);
    const socket = await plainSocket(createWebSocketStream(webSocket));
    const session = performServerHandshake(socket, {
      settings: { initialWindowSize: WINDOW, maxConcurrentStreams: 10_000 },
    });
    logger.info({}, 'bytes reach this leaf through its origin');
    const timer = setInterval(() => {
      const late = setTimeout(() => socket.destroy(), PING_MS);
      if (!session.ping(() => clearTimeout(late))) clearTimeout(late);
    }, PING_EVERY_MS);
    session.on('stream', (stream) => {
      stream.on('error', () => undefined);
      stream.respond({ ':status': 200 });
      door.take(stream);
    });
    const over = new Promise<void>((resolve) => {
      socket.once('close', resolve);
      session.once('close', resolve);
      session.on('error', () => resolve());
    });
    const end = () => socket.destroy();
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    await over;
    signal.removeEventListener('abort', end);
    clearInterval(timer);
    session.destroy();
    socket.destroy();
    webSocket.terminate();
  }
}

function opened(webSocket: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    webSocket.once('open', resolve);
    webSocket.once('error', reject);
  });
}
