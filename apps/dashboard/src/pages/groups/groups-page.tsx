import { Anchor, Text } from '@mantine/core';
import { IconUsersGroup } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Group } from '../../api/schemas.js';
import { ListTable } from '../../components/list-table.js';
import { SearchedListPage } from '../../components/searched-list-page.js';
import { groupsQuery } from '../../queries/people-queries.js';
import { limitWords } from '../../quota/limits.js';
import { useListUrl } from '../../queries/use-list-url.js';
import { texts } from '../../texts/texts.js';
import classes from '../../components/table.module.css';

export function GroupsPage() {
  const url = useListUrl(['q']);
  const query = useQuery({ ...groupsQuery(url), placeholderData: keepPreviousData });
  return (
    <SearchedListPage
      title={texts.groups.title}
      makeLabel={texts.groups.create}
      searchLabel={texts.groups.search}
      emptyTitle={texts.groups.empty}
      emptyHint={texts.groups.emptyHint}
      icon={<IconUsersGroup size={28} />}
      makeAt="/groups/new"
      makeNeeds="group.create"
      url={url}
      query={query}
    >
      {(rows) => <GroupTable groups={rows} />}
    </SearchedListPage>
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
