import { Anchor, Badge, Button, Text } from '@mantine/core';
import { IconPlus, IconShieldCheck } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Role } from '../../api/schemas.js';
import { useMe } from '../../app/use-me.js';
import { EmptyView } from '../../components/empty-view.js';
import { ListTable } from '../../components/list-table.js';
import { ListView } from '../../components/list-view.js';
import { PageHead } from '../../components/page-head.js';
import { SearchField } from '../../components/search-field.js';
import { rolesQuery } from '../../queries/people-queries.js';
import { useListUrl } from '../../queries/use-list-url.js';
import { texts } from '../../texts/texts.js';
import filters from '../../components/filters.module.css';
import classes from '../../components/table.module.css';

export function RolesPage() {
  const url = useListUrl(['q']);
  const query = useQuery({ ...rolesQuery(url), placeholderData: keepPreviousData });
  const { may } = useMe();
  const make = may('role.create') && (
    <Button component={Link} to="/roles/new" leftSection={<IconPlus size={18} aria-hidden />}>
      {texts.roles.create}
    </Button>
  );
  return (
    <>
      <PageHead title={texts.roles.title}>{make}</PageHead>
      <search className={filters.filters} aria-label={texts.common.filters}>
        <SearchField
          label={texts.roles.search}
          value={url.filters['q'] ?? ''}
          onChange={(q) => url.setFilter('q', q)}
        />
      </search>
      <ListView
        query={query}
        url={url}
        empty={
          <EmptyView icon={<IconShieldCheck size={28} />} title={texts.roles.empty} hint={texts.roles.emptyHint}>
            {make}
          </EmptyView>
        }
      >
        {(roles) => <RoleTable roles={roles} />}
      </ListView>
    </>
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
