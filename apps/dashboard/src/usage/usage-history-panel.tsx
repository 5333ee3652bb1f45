import { Group, NativeSelect, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { serverClock } from '../api/client.js';
import type { Limits } from '../api/schemas.js';
import { Panel } from '../components/panel.js';
import { QueryView } from '../components/query-view.js';
import { myQuotaQuery, quotaQuery } from '../queries/people-queries.js';
import { texts } from '../texts/texts.js';
import { usageQuery, type UsageOf } from './usage-queries.js';
import { UsageChart } from './usage-chart.js';
import { BUCKET_MS, MEASURES, RANGE_NAMES, shownOf, spanOf, type Measure } from './usage-ranges.js';

const LIMIT_OF: Readonly<Record<Measure, keyof Limits>> = {
  running: 'maxRunning',
  spaces: 'maxSpaces',
  computeUnits: 'computeUnits',
  storageUnits: 'storageUnits',
};

/** What was used over time; which figure and how far back stands in the address. */
export function UsageHistoryPanel({ of }: { of: UsageOf }) {
  const [params, setParams] = useSearchParams();
  const { range, measure } = shownOf(params);
  const { since, until } = spanOf(range, serverClock.read());
  const query = useQuery({ ...usageQuery(of, range, since), placeholderData: keepPreviousData });
  const limits = useLimits(of);
  const show = (name: string, value: string) => {
    const next = new URLSearchParams(window.location.search);
    next.set(name, value);
    void setParams(next, { replace: true, preventScrollReset: true });
  };
  const choices = (
    <Group gap="xs">
      <NativeSelect
        size="xs"
        aria-label={texts.usage.measure}
        value={measure}
        data={MEASURES.map((value) => ({ value, label: texts.usage.measures[value] }))}
        onChange={({ currentTarget }) => show('measure', currentTarget.value)}
      />
      <NativeSelect
        size="xs"
        aria-label={texts.usage.range}
        value={range}
        data={RANGE_NAMES.map((value) => ({ value, label: texts.usage.ranges[value] }))}
        onChange={({ currentTarget }) => show('range', currentTarget.value)}
      />
    </Group>
  );
  return (
    <Panel title={texts.usage.overTime} aside={choices}>
      <QueryView query={query}>
        {({ bucket, points }) =>
          points.length === 0 ? (
            <Text c="dimmed">{texts.usage.noPast}</Text>
          ) : (
            <>
              <UsageChart
                label={texts.usage.measures[measure]}
                figures={points.map((point) => ({ at: point.at, value: point[measure] }))}
                since={since}
                until={until}
                step={BUCKET_MS[bucket]}
                limit={limits?.[LIMIT_OF[measure]] ?? 0}
              />
              <Text c="dimmed" mt="xs">
                {texts.usage.peaks[bucket]}
              </Text>
            </>
          )
        }
      </QueryView>
    </Panel>
  );
}

/** Of a person; what all or a group have together is limited by nothing. */
function useLimits(of: UsageOf): Limits | null {
  const mine = useQuery({ ...myQuotaQuery(), enabled: of.who === 'me' });
  const id = of.who === 'user' ? of.id : '';
  const theirs = useQuery({ ...quotaQuery(id), enabled: id !== '' });
  if (of.who === 'me') return mine.data?.limits ?? null;
  return of.who === 'user' ? (theirs.data?.limits ?? null) : null;
}
