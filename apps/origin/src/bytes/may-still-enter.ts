import { may } from '@knot/domain';
import type { Clock } from '@knot/shared';
import type { Store } from '@knot/shared/store';
import type { Proofs } from '../identity/proofs.js';

export interface EnteringParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly proofs: Proofs;
}

/** Whether a session or token, by its id, still holds and still opens a space. */
export async function mayStillEnter(
  { store, clock, proofs }: EnteringParts,
  proof: string,
  id: string,
): Promise<boolean> {
  const [who, space] = [await proofs.again(proof), await store.get('space', id)];
  return who !== null && space !== null && may(who.actor, 'space.enter', clock.now(), space).granted;
}
