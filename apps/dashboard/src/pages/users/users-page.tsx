import { Anchor, Button, Text } from '@mantine/core';
import { IconPlus, IconUsers } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { User } from '../../api/schemas.js';
import { useMe } from '../../app/use-me.js';
import { EmptyView } from '../../components/empty-view.js';
import { ListTable } from '../../components/list-table.js';
import { ListView } from '../../components/list-view.js';
import { Moment } from '../../components/moment.js';
import { PageHead } from '../../components/page-head.js';
import { SearchField } from '../../components/search-field.js';
import { useListUrl } from '../../queries/use-list-url.js';
import { usersQuery } from '../../queries/user-queries.js';
import { texts } from '../../texts/texts.js';
import { UserState } from './user-state.js';
import filters from '../../components/filters.module.css';
import classes from '../../components/table.module.css';

export function UsersPage() {
  const url = useListUrl(['q']);
  const query = useQuery({ ...usersQuery(url), placeholderData: keepPreviousData });
  const { may } = useMe();
  return (
    <>
      <PageHead title={texts.users.title}>
        {may('user.create') && (
          <Button component={Link} to="/users/new" leftSection={<IconPlus size={18} aria-hidden />}>
            {texts.users.create}
          </Button>
        )}
      </PageHead>
      <search className={filters.filters} aria-label={texts.common.filters}>
        <SearchField
          label={texts.users.search}
          value={url.filters['q'] ?? ''}
          onChange={(q) => url.setFilter('q', q)}
        />
      </search>
      <ListView query={query} url={url} empty={<EmptyView icon={<IconUsers size={28} />} title={texts.users.empty} />}>
        {(users) => <UserTable users={users} />}
      </ListView>
    </>
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
