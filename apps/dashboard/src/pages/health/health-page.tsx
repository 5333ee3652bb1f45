import { Code, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { HealthDetails } from '../../api/schemas.js';
import { Facts } from '../../components/facts.js';
import { Moment } from '../../components/moment.js';
import { PageHead } from '../../components/page-head.js';
import { Panel } from '../../components/panel.js';
import { QueryView } from '../../components/query-view.js';
import { healthQuery } from '../../queries/watch-queries.js';
import { clockTime } from '../../texts/format-time.js';
import { texts } from '../../texts/texts.js';
import { ChecksPanel } from './checks-panel.js';
import { LocationsHealth } from './locations-health.js';
import classes from '../space/space-page.module.css';

export function HealthPage() {
  const query = useQuery(healthQuery());
  return (
    <>
      <PageHead
        title={texts.health.title}
        below={query.data && <Text c="dimmed">{texts.common.asOf(clockTime(query.dataUpdatedAt))}</Text>}
      />
      <QueryView query={query}>{(health) => <HealthView health={health} />}</QueryView>
    </>
  );
}

function HealthView({ health }: { health: HealthDetails }) {
  return (
    <div className={classes.columns}>
      <div className={classes.column}>
        <ChecksPanel health={health} />
        <LocationsHealth />
      </div>
      <div className={classes.column}>
        <Panel title={texts.health.factsTitle}>
          <Facts
            facts={[
              { name: texts.health.status, value: texts.health.statuses[health.status] },
              { name: texts.health.version, value: health.version },
              { name: texts.health.started, value: <Moment at={health.startedAt} /> },
              { name: texts.health.installation, value: <Code>{health.installation}</Code> },
              { name: texts.health.epoch, value: <Code>{health.epoch}</Code> },
            ]}
          />
        </Panel>
      </div>
    </div>
  );
}
