import { createUuidV7, type Clock, type KeyRing, type Logger, type RandomSource } from '@knot/shared';
import type { KnotConfig } from '@knot/shared/config';
import type { Store } from '@knot/shared/store';
import { originId } from './origin-id.js';
import { OriginPasses } from './origin-passes.js';
import { OriginRegistry } from './origin-registry.js';
import { OtherOrigins } from './other-origins.js';

/** What this origin has of the others on its store. */
export interface Origins {
  readonly registry: OriginRegistry;
  readonly passes: OriginPasses;
  readonly others: OtherOrigins;
}

export interface OriginsParts {
  readonly config: KnotConfig;
  readonly store: Store;
  readonly keys: KeyRing;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly logger: Logger;
  readonly programVersion: string;
}

/** Null with a store that one process alone can have open. */
export async function composeOrigins(parts: OriginsParts): Promise<Origins | null> {
  const { config, store, keys, clock, random, logger, programVersion } = parts;
  const { dataPath, internalUrl, location, encrypt, store: choice } = config.server;
  if (choice.kind === 'sqlite') return null;
  const newId = createUuidV7(clock, random);
  const id = await originId(dataPath, newId);
  const self = { id, internalUrl, location, ownKey: encrypt === undefined, programVersion };
  const registry = new OriginRegistry(store, clock, logger, self);
  const passes = new OriginPasses(store, keys, id, newId);
  return { registry, passes, others: new OtherOrigins(registry, passes, clock, logger) };
}
