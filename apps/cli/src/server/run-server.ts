import { startLeaf } from '@knot/leaf';
import { systemClock } from '@knot/shared/config';
import { IdleMemory, nodeMemory } from './idle-memory.js';
import type { RunningServer, ServerOptions } from './running-server.js';

/** Starts what the configuration says: a leaf, or an origin with its own location as a leaf in the same process. */
export async function runServer(options: ServerOptions): Promise<RunningServer> {
  const running = options.config.server.mode === 'leaf' ? await startLeaf(options) : await runOrigin(options);
  const memory = new IdleMemory(systemClock, nodeMemory());
  memory.start();
  return {
    stop: () => {
      memory.close();
      return running.stop();
    },
  };
}

/** A leaf of its own never loads the origin's code: that is memory. */
async function runOrigin(options: ServerOptions): Promise<RunningServer> {
  const { startOriginServer } = await import('./start-origin-server.js');
  return startOriginServer(options);
}
