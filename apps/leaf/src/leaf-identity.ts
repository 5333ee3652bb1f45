import { createToken, createUuidV7, type Clock, type RandomSource } from '@knot/shared';
import type { LeafStore } from '@knot/shared/store';

/** Who a leaf is to its origin: the uuid of its disk and the secret that proves it. */
export interface LeafIdentity {
  readonly instance: string;
  readonly secret: string;
}

/** Made once with the store and kept in it. */
export async function leafIdentity(
  store: LeafStore,
  { clock, random }: { readonly clock: Clock; readonly random: RandomSource },
): Promise<LeafIdentity> {
  const [instance, secret] = [await store.meta('instance'), await store.secret('instance-secret')];
  if (instance !== null && secret !== null) return { instance, secret };
  const fresh = { instance: createUuidV7(clock, random)(), secret: createToken(random, 'kni') };
  await store.putSecret('instance-secret', fresh.secret);
  await store.putMeta('instance', fresh.instance);
  return fresh;
}
