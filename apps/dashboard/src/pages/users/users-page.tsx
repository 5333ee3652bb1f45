import { Anchor, Text } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { User } from '../../api/schemas.js';
import { ListTable } from '../../components/list-table.js';
import { Moment } from '../../components/moment.js';
import { SearchedListPage } from '../../components/searched-list-page.js';
import { usersQuery } from '../../queries/user-queries.js';
import { useListUrl } from '../../queries/use-list-url.js';
import { texts } from '../../texts/texts.js';
import { UserState } from './user-state.js';
import classes from '../../components/table.module.css';

export function UsersPage() {
  const url = useListUrl(['q']);
  const query = useQuery({ ...usersQuery(url), placeholderData: keepPreviousData });
  return (
    <SearchedListPage
      title={texts.users.title}
      makeLabel={texts.users.create}
      searchLabel={texts.users.search}
      emptyTitle={texts.users.empty}
      icon={<IconUsers size={28} />}
      makeAt="/users/new"
      makeNeeds="user.create"
      url={url}
      query={query}
    >
      {(rows) => <UserTable users={rows} />}
    </SearchedListPage>
  );
}

function UserTable({ users }: { users: readonly User[] }) {
  return (
    <ListTable
      rows={users}
      keyOf={({ id }) => id}
      nameOf={({ username }) => username}
      columns={[
        {
          label: texts.users.name,
          cell: ({ id, username, email }) => (
            <>
              <Anchor component={Link} to={`/users/${id}`} className={classes.main}>
                {username}
              </Anchor>
              <Text c="dimmed">{email}</Text>
            </>
          ),
        },
        { label: texts.users.state, cell: (user) => <UserState user={user} /> },
        { label: texts.users.role, cell: ({ role }) => texts.profile.roles[role] },
        {
          label: texts.users.spaces,
          isNumber: true,
          cell: ({ id, spaces }) => (
            <Anchor component={Link} to={`/spaces?owner=${id}`} c="inherit" size="sm">
              {spaces}
            </Anchor>
          ),
        },
        {
          label: texts.users.running,
          isNumber: true,
          cell: ({ running, maxRunning }) => texts.users.of(running, maxRunning),
        },
        { label: texts.users.created, isNumber: true, cell: ({ createdAt }) => <Moment at={createdAt} /> },
      ]}
    />
  );
}
