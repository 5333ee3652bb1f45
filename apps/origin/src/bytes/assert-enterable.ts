import type { Actor } from '@knot/domain';
import { KnotError } from '@knot/shared/errors';
import type { SpaceRow, Store } from '@knot/shared/store';

/** Throws where nobody gets in now, or this one does not on the space's platform. */
export async function assertEnterable(store: Store, actor: Actor, space: SpaceRow): Promise<void> {
  if (space.want !== 'running') {
    throw new KnotError('state.refused', `${space.name} does not run.`, 'Start it first.');
  }
  const template = await store.get('template', space.templateId);
  // Under the leaf's own unix user whoever gets in can do what the leaf can.
  if (template?.platform === 'local' && actor.role !== 'administrator') {
    const message = 'Spaces on the machine of the leaf itself are entered by administrators only.';
    throw new KnotError('access.denied', message, 'Use a template of another platform.');
  }
}
