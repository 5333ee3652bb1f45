import { Button, Text } from '@mantine/core';
import { IconPlus, IconSearchOff, IconStack2 } from '@tabler/icons-react';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { useMe } from '../../app/use-me.js';
import { EmptyView } from '../../components/empty-view.js';
import { PageHead } from '../../components/page-head.js';
import { QueryView } from '../../components/query-view.js';
import { OffersNote } from '../../offers/offers-note.js';
import {
  filtersFromUrl,
  filtersToUrl,
  isFiltered,
  withoutFilters,
  type SpaceFilters,
} from '../../queries/space-filters.js';
import { spacesQuery } from '../../queries/space-queries.js';
import { templatesQuery } from '../../queries/template-queries.js';
import { texts } from '../../texts/texts.js';
import { BulkBar } from './bulk-bar.js';
import { SpaceTable } from './space-table.js';
import { SpacesFilters } from './spaces-filters.js';

export function SpacesPage() {
  const [params, setParams] = useSearchParams();
  const filters = useMemo(() => filtersFromUrl(params), [params]);
  const setFilters = (change: Partial<SpaceFilters>) => {
    // of the address itself: what was chosen a moment before may not be drawn yet
    const now = filtersFromUrl(new URLSearchParams(window.location.search));
    void setParams(filtersToUrl({ ...now, ...change }), { replace: true, preventScrollReset: true });
  };
  const query = useInfiniteQuery({ ...spacesQuery(filters), placeholderData: keepPreviousData });
  const { me, may } = useMe();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const flip = useCallback(
    (id: string) => setChosen((now) => new Set(now.has(id) ? [...now].filter((one) => one !== id) : [...now, id])),
    [],
  );
  return (
    <>
      <PageHead
        title={texts.spaces.title}
        below={me.maxRunning > 0 && <Text c="dimmed">{texts.spaces.running(me.running, me.maxRunning)}</Text>}
      >
        <Button component={Link} to="/spaces/new" leftSection={<IconPlus size={18} aria-hidden />}>
          {texts.spaces.create}
        </Button>
      </PageHead>
      <OffersNote />
      <SpacesFilters filters={filters} onChange={setFilters} />
      <QueryView query={query}>
        {({ pages }) => {
          const spaces = pages.flatMap(({ items }) => items);
          const marked = spaces.filter(({ id }) => chosen.has(id));
          if (spaces.length === 0) {
            return isFiltered(filters) ? <NothingFound onClear={() => setFilters(withoutFilters())} /> : <NoSpaces />;
          }
          return (
            <>
              {marked.length > 0 && <BulkBar chosen={marked} onClear={() => setChosen(new Set())} />}
              <SpaceTable
                spaces={spaces}
                showOwner={may('space.of-others')}
                chosen={chosen}
                onChoose={setChosen}
                onFlip={flip}
                hasMore={query.hasNextPage}
                onNearEnd={() => void query.fetchNextPage({ cancelRefetch: false })}
              />
              <Text c="dimmed" role="status">
                {texts.spaces.listed(spaces.length, query.hasNextPage)}
              </Text>
            </>
          );
        }}
      </QueryView>
    </>
  );
}

function NothingFound({ onClear }: { onClear: () => void }) {
  return (
    <EmptyView icon={<IconSearchOff size={28} />} title={texts.spaces.nothingFound}>
      <Button variant="default" onClick={onClear}>
        {texts.common.clear}
      </Button>
    </EmptyView>
  );
}

/** The next step depends on what is there already. */
function NoSpaces() {
  const { may } = useMe();
  const { data: templates } = useQuery(templatesQuery());
  const noTemplates = templates?.length === 0;
  const mayMake = may('template.create');
  const hint = !noTemplates
    ? texts.spaces.emptyHint
    : mayMake
      ? texts.spaces.emptyTemplates
      : texts.spaces.emptyNoTemplates;
  return (
    <EmptyView icon={<IconStack2 size={28} />} title={texts.spaces.empty} hint={hint}>
      {!noTemplates && (
        <Button component={Link} to="/spaces/new">
          {texts.spaces.create}
        </Button>
      )}
      {noTemplates && mayMake && (
        <Button component={Link} to="/templates/new">
          {texts.templates.create}
        </Button>
      )}
    </EmptyView>
  );
}
