import { AppHttp2, createGrpcServer, listenOnePort, serverCertificate } from '@knot/link';
import { systemClock, type Logger } from '@knot/shared';
import type { KnotConfig } from '@knot/shared/config';
import type { Leaf } from '../create-leaf.js';
import { configuredLeaf } from './configured-leaf.js';
import { GrpcSyncClient } from './grpc-sync-client.js';
import { InsideAccess } from './inside-access.js';
import { LeafHealth } from './leaf-health.js';
import { LeafMetrics } from './leaf-metrics.js';
import { createLeafWeb } from './main.js';
import { originTargets } from './origin-target.js';

/** Connections that are still open so long after a stop are cut, ms. */
const GRACE_MS = 1_000;

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
  const { server, resolver, tlsSkipVerify } = config;
  const targets = await originTargets(config, { clock: systemClock, logger });
  let running: Leaf | null = null;
  const metrics = new LeafMetrics(() => running?.state() ?? null);
  const token = server.sharedToken[0]?.reveal() ?? '';
  const connect = () => new GrpcSyncClient(targets);
  const tls = await serverCertificate(server, systemClock.now());
  const { leaf, close } = await configuredLeaf({
    server,
    resolver,
    tlsSkipVerify,
    logger,
    programVersion,
    token,
    connect,
    hooks: metrics.hooks,
    originTargets: targets,
    fingerprint: tls?.fingerprint,
  });
  running = leaf;
  const closing: (() => Promise<unknown>)[] = [close];
  const closeAll = async () => {
    for (const end of closing.splice(0).reverse()) {
      await end().catch((error: unknown) => logger.warn({ err: error }, 'the leaf did not close cleanly'));
    }
  };
  try {
    const health = new LeafHealth(() => leaf.state(), programVersion);
    const web = await createLeafWeb([health, metrics, new InsideAccess(server)], server.trustedProxies, leaf);
    closing.push(() => web.close());
    closing.push(() => leaf.stop());
    await leaf.start();
    const { host, port } = server.listen;
    if (server.directUrl !== undefined) {
      web.server.on('upgrade', (request, socket, head) => {
        socket.on('error', () => socket.destroy());
        if (leaf.apps?.takes(request)) void leaf.apps.upgrade(request, socket, head);
        else leaf.door.meet(request, socket, head);
      });
    }
    const apps = leaf.apps ? new AppHttp2(leaf.apps, web.server) : undefined;
    const listening = await listenOnePort({ host, port, tls, web: web.server, grpc: createGrpcServer(), apps });
    closing.push(() => listening.close(GRACE_MS));
    logger.info({ location: server.location, host: listening.host, port: listening.port }, 'the leaf is up');
    return { leaf, host: listening.host, port: listening.port, stop: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
}
