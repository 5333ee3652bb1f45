import { Anchor, Button, NativeSelect } from '@mantine/core';
import { IconDatabase, IconPlus } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Volume } from '../../api/schemas.js';
import { useMe } from '../../app/use-me.js';
import { EmptyView } from '../../components/empty-view.js';
import { ListTable } from '../../components/list-table.js';
import { ListView } from '../../components/list-view.js';
import { PageHead } from '../../components/page-head.js';
import { SearchField } from '../../components/search-field.js';
import { locationsQuery } from '../../queries/location-queries.js';
import { useListUrl } from '../../queries/use-list-url.js';
import { volumesQuery } from '../../queries/volume-queries.js';
import { texts } from '../../texts/texts.js';
import { VolumeBadge } from './volume-badge.js';
import filters from '../../components/filters.module.css';
import classes from '../../components/table.module.css';

export function VolumesPage() {
  const url = useListUrl(['q', 'location']);
  const query = useQuery({ ...volumesQuery(url), placeholderData: keepPreviousData });
  const { data: locations = [] } = useQuery(locationsQuery());
  const { may } = useMe();
  const make = may('volume.create') && (
    <Button component={Link} to="/volumes/new" leftSection={<IconPlus size={18} aria-hidden />}>
      {texts.volumes.create}
    </Button>
  );
  return (
    <>
      <PageHead title={texts.volumes.title}>{make}</PageHead>
      <search className={filters.filters} aria-label={texts.common.filters}>
        <SearchField
          label={texts.volumes.search}
          value={url.filters['q'] ?? ''}
          onChange={(q) => url.setFilter('q', q)}
        />
        <NativeSelect
          aria-label={texts.volumes.location}
          value={url.filters['location']}
          onChange={(event) => url.setFilter('location', event.currentTarget.value)}
          data={[{ value: '', label: texts.volumes.anyLocation }, ...locations.map(({ name }) => name)]}
        />
      </search>
      <ListView
        query={query}
        url={url}
        empty={
          <EmptyView icon={<IconDatabase size={28} />} title={texts.volumes.empty} hint={texts.volumes.emptyHint}>
            {make}
          </EmptyView>
        }
      >
        {(volumes) => (
          <VolumeTable volumes={volumes} live={new Set(locations.filter(isLive).map(({ name }) => name))} />
        )}
      </ListView>
    </>
  );
}

function isLive({ live }: { readonly live: boolean }): boolean {
  return live;
}

/** `live`: names of the locations that are heard of. */
function VolumeTable({ volumes, live }: { volumes: readonly Volume[]; live: ReadonlySet<string> }) {
  return (
    <ListTable
      rows={volumes}
      keyOf={({ id }) => id}
      nameOf={({ name }) => name}
      columns={[
        {
          label: texts.volumes.name,
          cell: ({ id, name }) => (
            <Anchor component={Link} to={`/volumes/${id}`} className={classes.main}>
              {name}
            </Anchor>
          ),
        },
        {
          label: texts.volumes.state,
          cell: (volume) => <VolumeBadge volume={volume} live={live.has(volume.location)} />,
        },
        { label: texts.volumes.want, cell: ({ want }) => texts.volumes.wants[want] },
        { label: texts.volumes.platform, cell: ({ platform }) => texts.platforms[platform] },
        {
          label: texts.volumes.location,
          cell: ({ location }) => (
            <Anchor component={Link} to={`/locations/${encodeURIComponent(location)}`} c="inherit" size="sm">
              {location}
            </Anchor>
          ),
        },
      ]}
    />
  );
}
