import { Button, Text } from '@mantine/core';
import { IconHistory, IconRefresh } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { AuditEntry } from '../../api/schemas.js';
import { useMe } from '../../app/use-me.js';
import { EmptyView } from '../../components/empty-view.js';
import { ListTable } from '../../components/list-table.js';
import { ListView } from '../../components/list-view.js';
import { Moment } from '../../components/moment.js';
import { PageHead } from '../../components/page-head.js';
import { StatusBadge } from '../../components/status-badge.js';
import { useListUrl } from '../../queries/use-list-url.js';
import { auditQuery } from '../../queries/watch-queries.js';
import { clockTime } from '../../texts/format-time.js';
import { texts } from '../../texts/texts.js';
import { AuditCheckPanel } from './audit-check-panel.js';
import { AuditDetails } from './audit-details.js';
import { AUDIT_FILTERS, AuditFilters } from './audit-filters.js';
import { ExportMenu } from './export-menu.js';
import { shortened, SubjectLink } from './subject-link.js';

export function AuditPage() {
  const url = useListUrl(AUDIT_FILTERS);
  const query = useQuery({ ...auditQuery(url), placeholderData: keepPreviousData });
  const { may } = useMe();
  return (
    <>
      <PageHead title={texts.audit.title} below={<Text c="dimmed">{texts.audit.what}</Text>}>
        {query.data && <Text c="dimmed">{texts.common.asOf(clockTime(query.dataUpdatedAt))}</Text>}
        <ExportMenu asked={url} />
        <Button
          variant="default"
          leftSection={<IconRefresh size={16} aria-hidden />}
          loading={query.isFetching}
          onClick={() => void query.refetch()}
        >
          {texts.audit.readAgain}
        </Button>
      </PageHead>
      <AuditFilters url={url} />
      <ListView
        query={query}
        url={url}
        empty={<EmptyView icon={<IconHistory size={28} />} title={texts.audit.empty} />}
      >
        {(entries) => <AuditTable entries={entries} />}
      </ListView>
      {may('audit.check') && <AuditCheckPanel />}
    </>
  );
}

function AuditTable({ entries }: { entries: readonly AuditEntry[] }) {
  return (
    <ListTable
      rows={entries}
      keyOf={({ id }) => id}
      nameOf={({ action }) => action}
      columns={[
        { label: texts.audit.action, cell: ({ action }) => <code>{action}</code> },
        { label: texts.audit.time, isNumber: true, cell: ({ at }) => <Moment at={at} /> },
        {
          label: texts.audit.actor,
          cell: ({ actor, address }) => <Two first={shortened(actor)} second={address} title={actor} />,
        },
        {
          label: texts.audit.outcome,
          cell: ({ outcome }) => (
            <StatusBadge tone={outcome === 'done' ? 'rest' : 'falling'} word={texts.audit.outcomes[outcome]} />
          ),
        },
        {
          label: texts.audit.subject,
          cell: ({ subjectKind, subjectId, location, details: { name } }) => (
            <Two
              first={
                <SubjectLink kind={subjectKind} id={subjectId} name={typeof name === 'string' ? name : undefined} />
              }
              second={location && subjectKind !== 'location' ? texts.audit.at(location) : ''}
            />
          ),
        },
        { label: texts.audit.details, cell: ({ details }) => <AuditDetails details={details} /> },
      ]}
    />
  );
}

interface TwoProps {
  readonly first: ReactNode;
  /** '' is left out. */
  readonly second: string;
  readonly title?: string;
}

/** A word, and below it what belongs to it. */
function Two({ first, second, title }: TwoProps) {
  return (
    <div title={title}>
      {first}
      {second !== '' && <Text c="dimmed">{second}</Text>}
    </div>
  );
}
