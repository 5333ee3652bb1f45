import type { Space } from '../../api/schemas.js';
import { deedsOf } from '../../components/space-deeds.js';

export const BULK_DEEDS = ['start', 'stop', 'update', 'delete'] as const;

export type BulkDeed = (typeof BULK_DEEDS)[number];

export interface BulkPlan {
  readonly todo: readonly Space[];
  /** Those for which it means nothing now: they run already, are stopped, or are being deleted. */
  readonly passed: readonly Space[];
  /** Those that who looks may not touch. */
  readonly refused: readonly Space[];
}

/** What a deed over several spaces comes to, before it is done. */
export function bulkPlan(spaces: readonly Space[], deed: BulkDeed, may: (space: Space) => boolean): BulkPlan {
  const refused = spaces.filter((space) => !may(space));
  const mine = spaces.filter((space) => may(space));
  const fits = (space: Space) =>
    deed === 'delete' ? space.want !== 'deleted' : deedsOf(space).some((possible) => possible === deed);
  return { todo: mine.filter(fits), passed: mine.filter((space) => !fits(space)), refused };
}
