import { hostname } from 'node:os';
import type { SyncClient } from '@knot/contract';
import { randomText, systemClock, systemRandom, type Logger } from '@knot/shared';
import type { KnotConfig } from '@knot/shared/config';
import { createLeaf, type Leaf } from '../create-leaf.js';
import { leafIdentity } from '../leaf-identity.js';
import { configuredDrivers } from './configured-drivers.js';
import { factsOf, openLeafStore } from './configured-leaf.js';

export interface OwnLeafOptions {
  readonly config: KnotConfig;
  readonly logger: Logger;
  readonly programVersion: string;
  /** The origin's side of the same process, for this leaf's instance. */
  readonly connect: (instance: string) => Promise<SyncClient>;
}

export interface OwnLeaf {
  readonly leaf: Leaf;
  /** Runs end, lease and locks are given back, spaces go on. */
  stop(): Promise<void>;
}

/** The leaf of an origin's own location: the same leaf, in the origin's process, with no port of its own. */
export async function startOwnLeaf({ config, logger, programVersion, connect }: OwnLeafOptions): Promise<OwnLeaf> {
  const { server } = config;
  const [clock, random] = [systemClock, systemRandom];
  const store = await openLeafStore(server, { clock, random });
  try {
    const { instance } = await leafIdentity(store, { clock, random });
    const leaf = await createLeaf({
      options: { location: server.location, token: '', programVersion, facts: factsOf(server) },
      ports: {
        sync: await connect(instance),
        store,
        drivers: (scope) => configuredDrivers(server, scope, clock),
        clock,
        random,
        logger,
        processId: `${hostname()}:${process.pid}:${randomText(8, random)}`,
      },
    });
    await leaf.start();
    const stop = async () => {
      await leaf.stop();
      await store.close();
    };
    return { leaf, stop };
  } catch (error) {
    await store.close();
    throw error;
  }
}
