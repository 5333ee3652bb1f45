import { startOwnLeaf } from '@knot/leaf';
import { startOrigin } from '@knot/origin';
import { listenOrigin, type OriginListener } from './listen-origin.js';
import type { RunningServer, ServerOptions } from './running-server.js';

/** Connections that are still open so long after a stop are cut, ms. */
const GRACE_MS = 5_000;

/** An origin on `server.listen`, with its own location as a leaf in the same process. */
export async function startOriginServer(options: ServerOptions): Promise<RunningServer> {
  const { config, logger, programVersion, clock } = options;
  const origin = await startOrigin({ config, logger, programVersion });
  let ownLeaf: RunningServer | null = null;
  let listener: OriginListener | null = null;
  const stop = async () => {
    await origin.drain(GRACE_MS);
    await ownLeaf?.stop();
    // The origin ends the streams that its port would otherwise wait for.
    const closed = listener?.port.close(GRACE_MS);
    await origin.close();
    await closed;
  };
  try {
    const { location, url, mode } = config.server;
    const own = await startOwnLeaf({
      config,
      logger: logger.child({ location }),
      programVersion,
      connect: (instance) => origin.sync.ownLocation(location, instance),
    });
    ownLeaf = own;
    origin.links.addOwn(location, own);
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
