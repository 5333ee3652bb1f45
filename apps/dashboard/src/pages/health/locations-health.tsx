import { Anchor, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Location } from '../../api/schemas.js';
import { Panel } from '../../components/panel.js';
import { QueryView } from '../../components/query-view.js';
import { StatusBadge } from '../../components/status-badge.js';
import { locationsQuery } from '../../queries/location-queries.js';
import { texts } from '../../texts/texts.js';
import { locationFindings } from './location-findings.js';
import classes from '../location/location-lists.module.css';

/** What at the locations wants a look, live by the event stream; what the server has to say of them stands among its checks. */
export function LocationsHealth() {
  const query = useQuery(locationsQuery());
  return (
    <Panel title={texts.health.locationsTitle}>
      <QueryView query={query}>{(locations) => <Findings locations={locations} />}</QueryView>
    </Panel>
  );
}

function Findings({ locations }: { locations: readonly Location[] }) {
  const findings = locationFindings(locations);
  if (findings.length === 0) return <Text c="dimmed">{texts.health.locationsWell}</Text>;
  return (
    <ul className={classes.list}>
      {findings.map(({ location, tone, word }) => (
        <li key={word} className={classes.item} data-finding={location}>
          <div className={classes.head}>
            <StatusBadge tone={tone} word={word} />
            <Anchor component={Link} to={`/locations/${encodeURIComponent(location)}`} size="sm">
              {location}
            </Anchor>
          </div>
        </li>
      ))}
    </ul>
  );
}
