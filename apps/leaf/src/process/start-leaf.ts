import { hostname } from 'node:os';
import { Server } from '@grpc/grpc-js';
import { listenOnePort } from '@knot/link';
import { randomText, systemClock, systemRandom, type Logger } from '@knot/shared';
import type { KnotConfig } from '@knot/shared/config';
import { createLeaf, type Leaf } from '../create-leaf.js';
import { configuredDrivers } from './configured-drivers.js';
import { factsOf, openLeafStore } from './configured-leaf.js';
import { GrpcSyncClient } from './grpc-sync-client.js';
import { LeafHealth } from './leaf-health.js';
import { LeafMetrics } from './leaf-metrics.js';
import { listenerTls } from './listener-tls.js';
import { createLeafWeb } from './main.js';
import { originTarget } from './origin-target.js';

const GRACE_MS = 2_000;

export interface RunningLeaf {
  readonly leaf: Leaf;
  /** Where it listens. */
  readonly host: string;
  readonly port: number;
  /** As SIGTERM wishes: runs end, lease and locks are given back, spaces go on. */
  stop(): Promise<void>;
}

export interface StartLeafOptions {
  readonly config: KnotConfig;
  readonly logger: Logger;
  readonly programVersion: string;
}

/**
 * A leaf as a process of its own: from disk first, then its port, then the origin. Throws `config.invalid` where the
 * configuration or the store cannot be used; never because of the origin.
 */
export async function startLeaf({ config, logger, programVersion }: StartLeafOptions): Promise<RunningLeaf> {
  const { server } = config;
  const [clock, random] = [systemClock, systemRandom];
  const target = await originTarget(server);
  const store = await openLeafStore(server, { clock, random });
  const closing: (() => Promise<unknown>)[] = [() => store.close()];
  const closeAll = async () => {
    for (const close of closing.toReversed()) {
      await close().catch((error: unknown) => logger.warn({ err: error }, 'the leaf did not close cleanly'));
    }
  };
  try {
    let running: Leaf | null = null;
    const metrics = new LeafMetrics(() => running?.state() ?? null);
    const leaf = await createLeaf({
      options: {
        location: server.location,
        token: server.sharedToken[0]?.reveal() ?? '',
        programVersion,
        facts: factsOf(server),
        standby: server.standby,
      },
      ports: {
        sync: new GrpcSyncClient(target),
        store,
        drivers: (scope) => configuredDrivers(server, scope, clock),
        clock,
        random,
        logger,
        processId: `${hostname()}:${process.pid}:${randomText(8, random)}`,
        hooks: metrics.hooks,
      },
    });
    running = leaf;
    const web = await createLeafWeb([new LeafHealth(() => leaf.state(), programVersion), metrics]);
    closing.push(() => web.close());
    await leaf.start();
    closing.push(() => leaf.stop());
    const { host, port } = server.listen;
    const tls = await listenerTls(server, clock.now());
    const listening = await listenOnePort({ host, port, tls, web: web.server, grpc: new Server() });
    closing.push(() => listening.close(GRACE_MS));
    logger.info({ location: server.location, host: listening.host, port: listening.port }, 'the leaf is up');
    return { leaf, host: listening.host, port: listening.port, stop: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
}
