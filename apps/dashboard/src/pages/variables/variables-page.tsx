import { Anchor, Button, NativeSelect } from '@mantine/core';
import { IconPlus, IconVariable } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Variable } from '../../api/schemas.js';
import { useMe } from '../../app/use-me.js';
import { EmptyView } from '../../components/empty-view.js';
import { ListTable } from '../../components/list-table.js';
import { ListView } from '../../components/list-view.js';
import { Moment } from '../../components/moment.js';
import { PageHead } from '../../components/page-head.js';
import { SearchField } from '../../components/search-field.js';
import { locationsQuery } from '../../queries/location-queries.js';
import { useListUrl } from '../../queries/use-list-url.js';
import { variablesQuery } from '../../queries/variable-queries.js';
import { texts } from '../../texts/texts.js';
import { VariableValue } from './variable-value.js';
import filters from '../../components/filters.module.css';
import classes from '../../components/table.module.css';

export function VariablesPage() {
  const url = useListUrl(['q', 'location']);
  const query = useQuery({ ...variablesQuery(url), placeholderData: keepPreviousData });
  const { data: locations = [] } = useQuery(locationsQuery());
  const { may } = useMe();
  const make = may('variable.create') && (
    <Button component={Link} to="/variables/new" leftSection={<IconPlus size={18} aria-hidden />}>
      {texts.variables.create}
    </Button>
  );
  return (
    <>
      <PageHead title={texts.variables.title}>{make}</PageHead>
      <search className={filters.filters} aria-label={texts.common.filters}>
        <SearchField
          label={texts.variables.search}
          value={url.filters['q'] ?? ''}
          onChange={(q) => url.setFilter('q', q)}
        />
        <NativeSelect
          aria-label={texts.variables.location}
          value={url.filters['location']}
          onChange={(event) => url.setFilter('location', event.currentTarget.value)}
          data={[{ value: '', label: texts.variables.anyLocation }, ...locations.map(({ name }) => name)]}
        />
      </search>
      <ListView
        query={query}
        url={url}
        empty={
          <EmptyView icon={<IconVariable size={28} />} title={texts.variables.empty} hint={texts.variables.emptyHint}>
            {make}
          </EmptyView>
        }
      >
        {(variables) => <VariableTable variables={variables} />}
      </ListView>
    </>
  );
}

function VariableTable({ variables }: { variables: readonly Variable[] }) {
  return (
    <ListTable
      rows={variables}
      keyOf={({ id }) => id}
      nameOf={({ name }) => name}
      columns={[
        {
          label: texts.variables.name,
          cell: ({ id, name }) => (
            <Anchor component={Link} to={`/variables/${id}`} className={classes.main}>
              {name}
            </Anchor>
          ),
        },
        { label: texts.variables.location, cell: ({ location }) => location || texts.variables.everywhere },
        { label: texts.variables.value, cell: (variable) => <VariableValue variable={variable} /> },
        {
          label: texts.variables.templates,
          cell: ({ protected: isProtected, templates }) =>
            isProtected ? templates.length : texts.variables.everyTemplate,
        },
        { label: texts.variables.updated, isNumber: true, cell: ({ updatedAt }) => <Moment at={updatedAt} /> },
      ]}
    />
  );
}
