import { Text } from '@mantine/core';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useMe } from '../../app/use-me.js';
import { BarChart, type Bar } from '../../components/bar-chart.js';
import { PageHead } from '../../components/page-head.js';
import { Panel } from '../../components/panel.js';
import { QueryView } from '../../components/query-view.js';
import { locationsQuery } from '../../queries/location-queries.js';
import { templatesQuery } from '../../queries/template-queries.js';
import { userNamesQuery } from '../../queries/user-queries.js';
import { QuotaPanel } from '../../quota/quota-view.js';
import { texts } from '../../texts/texts.js';
import { UsageHistoryPanel } from '../../usage/usage-history-panel.js';
import { locationBars, templateBars, userBars } from './usage-bars.js';
import classes from '../space/space-page.module.css';

/** Who and what uses how much. */
export function UsagePage() {
  const { may } = useMe();
  const seesUsers = may('user.list');
  const users = useQuery({ ...userNamesQuery(), enabled: seesUsers });
  const locations = useQuery(locationsQuery());
  const templates = useQuery(templatesQuery());
  return (
    <>
      <PageHead title={texts.usage.title} below={<Text c="dimmed">{texts.usage.what}</Text>} />
      <div className={classes.columns}>
        <div className={classes.column}>
          <UsageHistoryPanel of={{ who: may('usage.read') ? 'all' : 'me' }} />
          {seesUsers && <Chart title={texts.usage.byUser} query={users} barsOf={userBars} />}
        </div>
        <div className={classes.column}>
          <QuotaPanel userId="" />
          <Chart title={texts.usage.byLocation} query={locations} barsOf={locationBars} />
          <Chart title={texts.usage.byTemplate} query={templates} barsOf={templateBars} />
        </div>
      </div>
    </>
  );
}

interface ChartProps<T> {
  readonly title: string;
  readonly query: UseQueryResult<readonly T[]>;
  readonly barsOf: (rows: readonly T[]) => readonly Bar[];
}

function Chart<T>({ title, query, barsOf }: ChartProps<T>) {
  return (
    <Panel title={title}>
      <QueryView query={query}>
        {(rows) => {
          const bars = barsOf(rows);
          return bars.length === 0 ? (
            <Text c="dimmed">{texts.usage.nothing}</Text>
          ) : (
            <BarChart bars={bars} label={title} />
          );
        }}
      </QueryView>
    </Panel>
  );
}
