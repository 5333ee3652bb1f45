import { startLeaf, startOwnLeaf } from '@knot/leaf';
import { startOrigin } from '@knot/origin';
import type { Clock, KnotConfig } from '@knot/shared/config';
import type { Logger } from '@knot/shared/logging';
import { listenOrigin, type OriginListener } from './listen-origin.js';

/** Connections that are still open so long after a stop are cut, ms. */
const GRACE_MS = 5_000;

export interface ServerOptions {
  readonly config: KnotConfig;
  readonly logger: Logger;
  readonly programVersion: string;
  readonly clock: Pick<Clock, 'now'>;
}

export interface RunningServer {
  /** Gives back what it holds; spaces go on running. */
  stop(): Promise<void>;
}

/** Starts what the configuration says: a leaf, or an origin with its own location as a leaf in the same process. */
export function runServer(options: ServerOptions): Promise<RunningServer> {
  return options.config.server.mode === 'leaf' ? startLeaf(options) : runOrigin(options);
}

async function runOrigin({ config, logger, programVersion, clock }: ServerOptions): Promise<RunningServer> {
  const origin = await startOrigin({ config, logger, programVersion });
  let ownLeaf: RunningServer | null = null;
  let listener: OriginListener | null = null;
  const stop = async () => {
    await ownLeaf?.stop();
    // The origin ends the streams that its port would otherwise wait for.
    const closed = listener?.port.close(GRACE_MS);
    await origin.close();
    await closed;
  };
  try {
    const { location, url, mode } = config.server;
    ownLeaf = await startOwnLeaf({
      config,
      logger: logger.child({ location }),
      programVersion,
      connect: (instance) => origin.sync.ownLocation(location, instance),
    });
    listener = await listenOrigin(config, origin, clock.now());
    logger.info({ url, location, port: listener.port.port }, `knot serves ${url}`);
    if (mode === 'origin' && listener.fingerprint !== '') {
      const lines = { origin_server: url, origin_fingerprint: listener.fingerprint };
      logger.info(lines, 'A leaf needs these two lines, location and shared_token');
    }
    return { stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
