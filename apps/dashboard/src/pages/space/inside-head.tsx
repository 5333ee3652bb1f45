import type { ReactNode } from 'react';
import type { SpaceDetail } from '../../api/schemas.js';
import { PageHead } from '../../components/page-head.js';
import { deedsOf } from '../../components/space-deeds.js';
import { WishButton } from '../../components/wish-button.js';
import type { Sight } from '../../live/sight.js';
import { SpacePhase } from './space-phase.js';

interface InsideHeadProps {
  readonly title: string;
  readonly space: SpaceDetail;
  readonly sight: Sight;
  readonly children?: ReactNode;
}

/** Above what is seen of a space from inside, which is nothing until it runs: how it is, and how it is started. */
export function InsideHead({ title, space, sight, children }: InsideHeadProps) {
  return (
    <PageHead
      title={title}
      above={{ to: `/spaces/${space.id}`, label: space.name }}
      badge={<SpacePhase space={space} sight={sight} />}
    >
      {children}
      {deedsOf(space).includes('start') && <WishButton space={space} wish="start" size="sm" variant="filled" />}
    </PageHead>
  );
}
