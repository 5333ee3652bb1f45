import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Quota } from '../api/schemas.js';
import { Panel } from '../components/panel.js';
import { QueryView } from '../components/query-view.js';
import { myQuotaQuery, quotaQuery } from '../queries/people-queries.js';
import { texts } from '../texts/texts.js';
import { LIMITS, limitWords } from './limits.js';
import { UsageBar } from './usage-bar.js';
import classes from './quota.module.css';

/** What somebody has of what they may have; `userId` '' is who looks. */
export function QuotaPanel({ userId }: { userId: string }) {
  const others = useQuery({ ...quotaQuery(userId), enabled: userId !== '' });
  const mine = useQuery({ ...myQuotaQuery(), enabled: userId === '' });
  return (
    <Panel title={texts.quota.title}>
      <QueryView query={userId === '' ? mine : others}>{(quota) => <QuotaView quota={quota} />}</QueryView>
    </Panel>
  );
}

function QuotaView({ quota: { limits, used, own, groups } }: { quota: Quota }) {
  return (
    <div className={classes.quota}>
      {LIMITS.map((name) => (
        <UsageBar key={name} label={texts.quota.names[name]} used={used[name]} most={limits[name]} />
      ))}
      {groups.length > 0 && (
        <Text c="dimmed">
          {texts.quota.own}: {limitWords(own)}.{' '}
          {groups.map((group) => `${texts.quota.fromGroup(group.name)}: ${limitWords(group)}.`).join(' ')}
        </Text>
      )}
    </div>
  );
}
