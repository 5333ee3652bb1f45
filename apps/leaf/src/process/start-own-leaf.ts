import { duplexPair, type Duplex } from 'node:stream';
import type { SyncClient } from '@knot/contract';
import type { Logger } from '@knot/shared';
import type { KnotConfig } from '@knot/shared/config';
import type { Leaf } from '../create-leaf.js';
import { configuredLeaf } from './configured-leaf.js';

export interface StartOwnLeafOptions {
  readonly config: KnotConfig;
  readonly logger: Logger;
  readonly programVersion: string;
  /** The origin's client for its own location. */
  readonly connect: (instance: string) => Promise<SyncClient>;
}

export interface OwnLeaf {
  readonly leaf: Leaf;
  /** A new connection to its door for bytes. */
  connect(): Duplex;
  /** False where another origin's leaf has the location. */
  acts(): boolean;
  stop(): Promise<void>;
}

/** The leaf of an origin's own location, in the origin's process: the same leaf, without a port and an HTTP edge of its own. */
export async function startOwnLeaf(options: StartOwnLeafOptions): Promise<OwnLeaf> {
  const { config, logger, programVersion, connect } = options;
  // Of several origins one has the location of them all, the others wait for it.
  const server = { ...config.server, standby: true, directUrl: undefined };
  const { leaf, close } = await configuredLeaf({
    server,
    resolver: config.resolver,
    tlsSkipVerify: config.tlsSkipVerify,
    logger,
    programVersion,
    token: '',
    connect,
  });
  try {
    await leaf.start();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    leaf,
    connect: () => {
      const [ours, theirs] = duplexPair();
      leaf.door.take(theirs);
      return ours;
    },
    acts: () => leaf.acts,
    stop: async () => {
      await leaf.stop();
      await close();
    },
  };
}
