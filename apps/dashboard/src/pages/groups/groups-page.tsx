import { Anchor, Button, Text } from '@mantine/core';
import { IconPlus, IconUsersGroup } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Group } from '../../api/schemas.js';
import { useMe } from '../../app/use-me.js';
import { EmptyView } from '../../components/empty-view.js';
import { ListTable } from '../../components/list-table.js';
import { ListView } from '../../components/list-view.js';
import { PageHead } from '../../components/page-head.js';
import { SearchField } from '../../components/search-field.js';
import { groupsQuery } from '../../queries/people-queries.js';
import { useListUrl } from '../../queries/use-list-url.js';
import { limitWords } from '../../quota/limits.js';
import { texts } from '../../texts/texts.js';
import filters from '../../components/filters.module.css';
import classes from '../../components/table.module.css';

export function GroupsPage() {
  const url = useListUrl(['q']);
  const query = useQuery({ ...groupsQuery(url), placeholderData: keepPreviousData });
  const { may } = useMe();
  const make = may('group.create') && (
    <Button component={Link} to="/groups/new" leftSection={<IconPlus size={18} aria-hidden />}>
      {texts.groups.create}
    </Button>
  );
  return (
    <>
      <PageHead title={texts.groups.title}>{make}</PageHead>
      <search className={filters.filters} aria-label={texts.common.filters}>
        <SearchField
          label={texts.groups.search}
          value={url.filters['q'] ?? ''}
          onChange={(q) => url.setFilter('q', q)}
        />
      </search>
      <ListView
        query={query}
        url={url}
        empty={
          <EmptyView icon={<IconUsersGroup size={28} />} title={texts.groups.empty} hint={texts.groups.emptyHint}>
            {make}
          </EmptyView>
        }
      >
        {(groups) => <GroupTable groups={groups} />}
      </ListView>
    </>
  );
}

function GroupTable({ groups }: { groups: readonly Group[] }) {
  return (
    <ListTable
      rows={groups}
      keyOf={({ id }) => id}
      nameOf={({ name }) => name}
      columns={[
        {
          label: texts.groups.name,
          cell: ({ id, name, description }) => (
            <>
              <Anchor component={Link} to={`/groups/${id}`} className={classes.main}>
                {name}
              </Anchor>
              {description !== '' && <Text c="dimmed">{description}</Text>}
            </>
          ),
        },
        { label: texts.groups.members, isNumber: true, cell: ({ members }) => members },
        { label: texts.groups.templates, isNumber: true, cell: ({ templates }) => templates },
        { label: texts.groups.limits, cell: limitWords },
      ]}
    />
  );
}
