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
