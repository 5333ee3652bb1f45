import type { SpaceDetail } from '../../api/schemas.js';
import { PhaseBadge } from '../../components/phase-badge.js';
import type { Sight } from '../../live/sight.js';

/** Its phase, said aloud when it is another one. */
export function SpacePhase({ space, sight }: { space: Pick<SpaceDetail, 'phase'>; sight: Sight }) {
  return (
    <span role="status" aria-live="polite">
      <PhaseBadge phase={space.phase} sight={sight} />
    </span>
  );
}
