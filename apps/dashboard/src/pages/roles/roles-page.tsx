import { Anchor, Badge, Text } from '@mantine/core';
import { IconShieldCheck } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Role } from '../../api/schemas.js';
import { ListTable } from '../../components/list-table.js';
import { SearchedListPage } from '../../components/searched-list-page.js';
import { rolesQuery } from '../../queries/people-queries.js';
import { useListUrl } from '../../queries/use-list-url.js';
import { texts } from '../../texts/texts.js';
import classes from '../../components/table.module.css';

export function RolesPage() {
  const url = useListUrl(['q']);
  const query = useQuery({ ...rolesQuery(url), placeholderData: keepPreviousData });
  return (
    <SearchedListPage
      title={texts.roles.title}
      makeLabel={texts.roles.create}
      searchLabel={texts.roles.search}
      emptyTitle={texts.roles.empty}
      emptyHint={texts.roles.emptyHint}
      icon={<IconShieldCheck size={28} />}
      makeAt="/roles/new"
      makeNeeds="role.create"
      url={url}
      query={query}
    >
      {(rows) => <RoleTable roles={rows} />}
    </SearchedListPage>
  );
}

function RoleTable({ roles }: { roles: readonly Role[] }) {
  return (
    <ListTable
      rows={roles}
      keyOf={({ id }) => id}
      nameOf={({ name }) => name}
      columns={[
        {
          label: texts.roles.name,
          cell: ({ id, name, description, builtIn }) => (
            <>
              <Anchor component={Link} to={`/roles/${id}`} className={classes.main}>
                {name}
              </Anchor>
              {builtIn && (
                <Badge ml={8} size="sm" variant="default" tt="none">
                  {texts.roles.builtIn}
                </Badge>
              )}
              {description !== '' && <Text c="dimmed">{description}</Text>}
            </>
          ),
        },
        {
          label: texts.roles.permissions,
          cell: ({ permissions }) => texts.roles.permissionCount(permissions.length),
        },
        { label: texts.roles.members, isNumber: true, cell: ({ members }) => members },
      ]}
    />
  );
}
