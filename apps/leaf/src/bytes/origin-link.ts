import { answeringSession, type GrpcTarget } from '@knot/link';
import type { Clock, Logger } from '@knot/shared';
import { toKnotError } from '@knot/shared/errors';
import { pause } from '../within.js';
import type { BytesDoor } from './bytes-door.js';
import { dialLink } from './dial-link.js';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;

/**
 * The way for bytes that this leaf dials, so that people get in where it has no address of its own: HTTP/2 along a connection
 * to its origin, which is the client. Each stream is one connection of somebody.
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
    const carrier = await dialLink(target, credential(), signal);
    const session = await answeringSession(carrier, (stream) => {
      stream.respond({ ':status': 200 });
      door.take(stream);
    });
    logger.info({}, 'bytes reach this leaf through its origin');
    const end = () => session.close();
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    await session.over;
    signal.removeEventListener('abort', end);
    carrier.destroy();
  }
}
