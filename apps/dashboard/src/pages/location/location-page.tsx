import { Anchor, Text } from '@mantine/core';
import { IconMapPin } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { hasCode } from '../../api/problem.js';
import type { LocationDetail } from '../../api/schemas.js';
import { useMe } from '../../app/use-me.js';
import { GonePage } from '../../components/gone-page.js';
import { LocationBadge } from '../../components/location-badge.js';
import { PageHead } from '../../components/page-head.js';
import { QueryView } from '../../components/query-view.js';
import { useLive } from '../../live/live-context.js';
import { sightOf } from '../../live/sight.js';
import { locationQuery } from '../../queries/location-queries.js';
import { texts } from '../../texts/texts.js';
import { ForgetPanel } from './forget-panel.js';
import { InstancesPanel } from './instances-panel.js';
import { LeafPanel } from './leaf-panel.js';
import { LocationTokenPanel } from './location-token-panel.js';
import { OrphansPanel } from './orphans-panel.js';
import { PlatformsPanel } from './platforms-panel.js';
import { PolicyPanel } from './policy-panel.js';
import classes from '../space/space-page.module.css';

export function LocationPage() {
  const { name = '' } = useParams();
  const query = useQuery(locationQuery(name));
  if (hasCode(query.error, 'resource.not_found')) {
    const way = { to: '/locations', label: texts.locations.title };
    return <GonePage icon={<IconMapPin size={28} />} title={texts.location.gone} way={way} />;
  }
  return <QueryView query={query}>{(location) => <LocationView location={location} />}</QueryView>;
}

function LocationView({ location }: { location: LocationDetail }) {
  const { may } = useMe();
  const sight = sightOf(location, useLive());
  return (
    <>
      <PageHead
        title={location.name}
        above={{ to: '/locations', label: texts.locations.title }}
        badge={
          <span role="status" aria-live="polite">
            <LocationBadge sight={sight} neverCame={location.leaf === null} />
          </span>
        }
        below={
          <Text>
            {location.builtIn && `${texts.locations.builtIn}, `}
            <Anchor component={Link} to={`/spaces?location=${encodeURIComponent(location.name)}`} inherit>
              {texts.location.spacesLink(location.spaces)}
            </Anchor>
          </Text>
        }
      />
      <div className={classes.columns}>
        <div className={classes.column}>
          {location.instances && <InstancesPanel location={location} instances={location.instances} />}
          <PlatformsPanel location={location} live={sight.live} />
          {may('orphan.list') && <OrphansPanel location={location.name} />}
        </div>
        <div className={classes.column}>
          <LeafPanel location={location} />
          <PolicyPanel location={location} />
          {may('location.token') && !location.builtIn && <LocationTokenPanel location={location.name} />}
          {may('location.forget') && !location.builtIn && <ForgetPanel location={location} />}
        </div>
      </div>
    </>
  );
}
