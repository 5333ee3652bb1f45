import type { Subject } from '@knot/domain';
import type { Space } from '../api/schemas.js';
import type { PlainWish } from '../deeds/space-deeds.js';

/** Which wishes make sense of a space as it is wished for now, the main one first. */
export function deedsOf(space: Pick<Space, 'want' | 'updateAvailable'>): readonly PlainWish[] {
  switch (space.want) {
    case 'stopped':
      return ['start'];
    case 'running':
      return space.updateAvailable ? ['stop', 'restart', 'update'] : ['stop', 'restart'];
    case 'deleted':
      return [];
  }
}

/** Whose it is and who shares it, as the server's rule asks. */
export function subjectOf({ owner, sharedWith }: Pick<Space, 'owner' | 'sharedWith'>): Subject {
  return { ownerId: owner.id, sharedWith: sharedWith.map(({ id }) => id) };
}
