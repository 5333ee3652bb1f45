import { Text } from '@mantine/core';
import { IconListCheck } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Operation } from '../../api/schemas.js';
import { EmptyView } from '../../components/empty-view.js';
import { ListTable } from '../../components/list-table.js';
import { ListView } from '../../components/list-view.js';
import { Moment } from '../../components/moment.js';
import { PageHead } from '../../components/page-head.js';
import type { Tone } from '../../components/phase-tone.js';
import { SearchField } from '../../components/search-field.js';
import { StatusBadge } from '../../components/status-badge.js';
import { useListUrl } from '../../queries/use-list-url.js';
import { operationsQuery } from '../../queries/watch-queries.js';
import { texts } from '../../texts/texts.js';
import { SubjectLink } from '../audit/subject-link.js';
import filters from '../../components/filters.module.css';

const TONES: Record<Operation['state'], Tone> = {
  pending: 'rising',
  succeeded: 'good',
  failed: 'bad',
  superseded: 'rest',
};

export function OperationsPage() {
  const url = useListUrl(['subject']);
  const query = useQuery({ ...operationsQuery(url), placeholderData: keepPreviousData });
  return (
    <>
      <PageHead title={texts.operationList.title} below={<Text c="dimmed">{texts.operationList.what}</Text>} />
      <search className={filters.filters} aria-label={texts.common.filters}>
        <SearchField
          label={texts.operationList.bySubject}
          value={url.filters['subject'] ?? ''}
          onChange={(text) => url.setFilter('subject', text.trim())}
        />
      </search>
      <ListView
        query={query}
        url={url}
        empty={<EmptyView icon={<IconListCheck size={28} />} title={texts.operationList.empty} />}
      >
        {(operations) => <OperationTable operations={operations} />}
      </ListView>
    </>
  );
}

function OperationTable({ operations }: { operations: readonly Operation[] }) {
  return (
    <ListTable
      rows={operations}
      keyOf={({ id }) => id}
      nameOf={({ id }) => id}
      columns={[
        { label: texts.operationList.kind, cell: ({ kind }) => <code>{kind}</code> },
        {
          label: texts.operationList.state,
          cell: ({ state }) => <StatusBadge tone={TONES[state]} word={texts.operations[state]} />,
        },
        {
          label: texts.operationList.subject,
          cell: ({ subjectKind, subjectId }) => <SubjectLink kind={subjectKind} id={subjectId} />,
        },
        { label: texts.operationList.time, isNumber: true, cell: ({ createdAt }) => <Moment at={createdAt} /> },
        { label: texts.operationList.message, cell: ({ message }) => message },
      ]}
    />
  );
}
