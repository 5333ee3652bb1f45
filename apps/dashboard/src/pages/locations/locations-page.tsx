import { Anchor, Button, Text } from '@mantine/core';
import { IconMapPin, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Location } from '../../api/schemas.js';
import { useMe } from '../../app/use-me.js';
import { EmptyView } from '../../components/empty-view.js';
import { LocationBadge } from '../../components/location-badge.js';
import { PageHead } from '../../components/page-head.js';
import { PlatformList } from '../../components/platform-list.js';
import { QueryView } from '../../components/query-view.js';
import { StatusBadge } from '../../components/status-badge.js';
import { useLive } from '../../live/live-context.js';
import { sightOf } from '../../live/sight.js';
import { locationsQuery } from '../../queries/location-queries.js';
import { texts } from '../../texts/texts.js';
import classes from '../../components/table.module.css';

export function LocationsPage() {
  const query = useQuery(locationsQuery());
  const { may } = useMe();
  const add = may('location.token') && (
    <Button component={Link} to="/add-location" leftSection={<IconPlus size={18} aria-hidden />}>
      {texts.enrol.title}
    </Button>
  );
  return (
    <>
      <PageHead title={texts.locations.title}>{add}</PageHead>
      <QueryView query={query}>
        {(locations) =>
          locations.length > 0 ? (
            <LocationTable locations={locations} />
          ) : (
            <EmptyView icon={<IconMapPin size={28} />} title={texts.locations.empty} hint={texts.locations.emptyHint}>
              {add}
            </EmptyView>
          )
        }
      </QueryView>
    </>
  );
}

function LocationTable({ locations }: { locations: readonly Location[] }) {
  return (
    <div className={classes.frame}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{texts.locations.name}</th>
            <th scope="col">{texts.locations.state}</th>
            <th scope="col">{texts.locations.platforms}</th>
            <th scope="col">{texts.locations.spaces}</th>
            <th scope="col" title={texts.locations.lagWhat}>
              {texts.locations.lag}
            </th>
            <th scope="col" title={texts.locations.queueWhat}>
              {texts.locations.queue}
            </th>
            <th scope="col">{texts.locations.leaf}</th>
          </tr>
        </thead>
        <tbody>
          {locations.map((location) => (
            <LocationRow key={location.name} location={location} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function LocationRow({ location }: { location: Location }) {
  const sight = sightOf(location, useLive());
  const { name, leaf } = location;
  const dim = sight.live ? undefined : classes.silent;
  return (
    <tr data-location={name}>
      <th scope="row">
        <Anchor component={Link} to={`/locations/${encodeURIComponent(name)}`} className={classes.main}>
          {name}
        </Anchor>
        {location.builtIn && <Text c="dimmed">{texts.locations.builtIn}</Text>}
      </th>
      <td data-label={texts.locations.state}>
        <LocationBadge sight={sight} neverCame={leaf === null} />
        <Needs location={location} />
      </td>
      <td data-label={texts.locations.platforms}>
        <PlatformList platforms={location.platforms} live={sight.live} />
      </td>
      <td data-label={texts.locations.spaces} className={classes.number}>
        <Anchor component={Link} to={`/spaces?location=${encodeURIComponent(name)}`} size="sm" c="inherit">
          {location.spaces}
        </Anchor>
      </td>
      <td data-label={texts.locations.lag} className={`${classes.number} ${dim ?? ''}`}>
        {location.lag === 0 ? texts.locations.upToDate : texts.locations.behind(location.lag)}
      </td>
      <td data-label={texts.locations.queue} className={`${classes.number} ${dim ?? ''}`}>
        {location.queue}
      </td>
      <td data-label={texts.locations.leaf} className={`${classes.number} ${dim ?? ''}`}>
        {leaf && (
          <>
            {leaf.version}
            <Text c="dimmed">
              {texts.locations.term} {leaf.term}
            </Text>
          </>
        )}
      </td>
    </tr>
  );
}

/** What waits for a person's word. */
function Needs({ location: { waiting, orphans } }: { location: Location }) {
  return (
    <>
      {waiting > 0 && <StatusBadge tone="falling" word={texts.locations.waiting(waiting)} />}
      {orphans > 0 && <StatusBadge tone="falling" word={texts.locations.orphans(orphans)} />}
    </>
  );
}
