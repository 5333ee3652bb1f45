import { may, type Actor } from '@knot/domain';
import type { Clock } from '@knot/shared';
import { KnotError } from '@knot/shared/errors';
import type { SpaceRow, Store } from '@knot/shared/store';
import { refusal } from '../deeds/check.js';

/** Throws where this one may not, nobody gets in now, or this one does not on the space's platform. */
export async function assertEnterable(
  { store, clock }: { readonly store: Store; readonly clock: Clock },
  actor: Actor,
  space: SpaceRow,
): Promise<void> {
  const permission = may(actor, 'space.enter', clock.now(), space);
  if (!permission.granted) throw refusal(permission);
  assertRuns(space);
  const template = await store.get('template', space.templateId);
  // Under the leaf's own unix user whoever gets in can do what the leaf can.
  if (template?.platform === 'local' && actor.role !== 'administrator') {
    const message = 'Spaces on the machine of the leaf itself are entered by administrators only.';
    throw new KnotError('access.denied', message, 'Use a template of another platform.');
  }
}

/** Throws `state.refused` for a space that is not to run. */
export function assertRuns({ name, want }: SpaceRow): void {
  if (want !== 'running') throw new KnotError('state.refused', `${name} does not run.`, 'Start it first.');
}
