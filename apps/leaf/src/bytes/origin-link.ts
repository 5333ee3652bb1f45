import { LEAF_LINK_PATH } from '@knot/contract';
import { answeringSession, clientTls, type GrpcTarget } from '@knot/link';
import type { Clock, Logger } from '@knot/shared';
import { toKnotError } from '@knot/shared/errors';
import { createWebSocketStream, WebSocket } from 'ws';
import { pause } from '../within.js';
import type { BytesDoor } from './bytes-door.js';

const DIAL_MS = 15_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;

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
      /** Whether this leaf is the one of its location: one that stands by would take the link away from it. */
      readonly acts: () => boolean;
      readonly clock: Clock;
      readonly logger: Logger;
    },
  ) {}

  /** Until the signal: dials again for ever. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, logger, credential, acts } = this.parts;
    for (let failures = 0; !signal.aborted;) {
      if (credential() === '' || !acts()) {
        // which is no failure: as soon as it acts, people come
        await pause(clock, FIRST_PAUSE_MS, signal);
        continue;
      }
      try {
        const targets = await this.parts.targets();
        const target = targets[failures % targets.length];
        if (target) await this.once(target, signal);
        failures = 0;
      } catch (error) {
        failures += 1;
        if (!signal.aborted) logger.debug({ err: toKnotError(error) }, 'the link for bytes did not come about');
      }
      const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures);
      await pause(clock, longest * (0.5 + Math.random() / 2), signal);
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
    const session = await answeringSession(createWebSocketStream(webSocket), (stream) => {
      stream.respond({ ':status': 200 });
      door.take(stream);
    });
    logger.info({}, 'bytes reach this leaf through its origin');
    const end = () => session.close();
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    await session.over;
    signal.removeEventListener('abort', end);
    webSocket.terminate();
  }
}

function opened(webSocket: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    webSocket.once('open', resolve);
    webSocket.once('error', reject);
  });
}
