import { hostname } from 'node:os';
import type { SyncClient } from '@knot/contract';
import type { GrpcTarget } from '@knot/link';
import type { EngineHooks } from '@knot/reconcile';
import { nameserversFor, randomText, systemClock, systemRandom, type Logger } from '@knot/shared';
import type { KnotConfig, ServerConfig } from '@knot/shared/config';
import { createLeaf, type Leaf } from '../create-leaf.js';
import { leafIdentity } from '../leaf-identity.js';
import { configuredDrivers } from './configured-drivers.js';
import { factsOf, openLeafStore } from './leaf-store.js';

export interface ConfiguredLeafOptions {
  readonly server: ServerConfig;
  readonly resolver: KnotConfig['resolver'];
  readonly tlsSkipVerify: KnotConfig['tlsSkipVerify'];
  readonly logger: Logger;
  readonly programVersion: string;
  /** '' in the origin's own process. */
  readonly token: string;
  /** The client for this leaf; `instance` names its disk. */
  readonly connect: (instance: string) => SyncClient | Promise<SyncClient>;
  readonly hooks?: EngineHooks;
  /** Of the certificate that this leaf has made for its port. */
  readonly fingerprint?: string;
  /** Where the origin is dialled for bytes. */
  readonly originTargets?: () => Promise<readonly GrpcTarget[]>;
}

export interface ConfiguredLeaf {
  readonly leaf: Leaf;
  /** After its stop. */
  readonly close: () => Promise<void>;
}

/** A leaf over its own store, by what knot.yaml says; not started. Throws `config.invalid` where that cannot be. */
export async function configuredLeaf(options: ConfiguredLeafOptions): Promise<ConfiguredLeaf> {
  const { server, resolver, logger, programVersion, token, connect, hooks, originTargets } = options;
  const [clock, random] = [systemClock, systemRandom];
  const store = await openLeafStore(server, { clock, random });
  try {
    const { instance } = await leafIdentity(store, { clock, random });
    const leaf = await createLeaf({
      options: {
        location: server.location,
        token,
        programVersion,
        facts: { ...factsOf(server), directFingerprint: options.fingerprint ?? '' },
        standby: server.standby,
        disableProxy: server.disableProxy,
        trustedProxies: server.trustedProxies,
        nameservers: (name) => nameserversFor(name, resolver),
        ...(server.listenAgent && { listenAgent: server.listenAgent }),
      },
      ports: {
        sync: await connect(instance),
        store,
        drivers: (scope) => configuredDrivers(options, scope, clock),
        clock,
        random,
        logger,
        processId: `${hostname()}:${process.pid}:${randomText(8, random)}`,
        hooks,
        originTargets,
      },
    });
    return { leaf, close: () => store.close() };
  } catch (error) {
    await store.close();
    throw error;
  }
}
