import { IconStack2 } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useParams } from 'react-router';
import { hasCode } from '../../api/problem.js';
import type { SpaceDetail } from '../../api/schemas.js';
import { GonePage } from '../../components/gone-page.js';
import { QueryView } from '../../components/query-view.js';
import type { Sight } from '../../live/sight.js';
import { spaceQuery } from '../../queries/space-queries.js';
import { useSights } from '../../queries/use-sights.js';
import { texts } from '../../texts/texts.js';

interface OneSpaceProps {
  readonly loading: ReactNode;
  readonly children: (space: SpaceDetail, sight: Sight) => ReactNode;
}

/** A page of the space that the address names. */
export function OneSpace({ loading, children }: OneSpaceProps) {
  const { id = '' } = useParams();
  const query = useQuery(spaceQuery(id));
  const sightOf = useSights();
  if (hasCode(query.error, 'resource.not_found')) {
    const way = { to: '/spaces', label: texts.errors.toSpaces };
    return <GonePage icon={<IconStack2 size={28} />} title={texts.space.gone} way={way} />;
  }
  return (
    <QueryView query={query} loading={loading}>
      {(space) => children(space, sightOf(space))}
    </QueryView>
  );
}
