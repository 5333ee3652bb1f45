import type { Action } from '@knot/domain';
import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useMe } from '../app/use-me.js';
import type { ListUrl } from '../queries/use-list-url.js';
import { texts } from '../texts/texts.js';
import { EmptyView } from './empty-view.js';
import { ListView, type ListPage } from './list-view.js';
import { PageHead } from './page-head.js';
import { SearchField } from './search-field.js';
import filters from './filters.module.css';

interface SearchedListPageProps<T> {
  readonly title: string;
  readonly makeLabel: string;
  readonly searchLabel: string;
  readonly emptyTitle: string;
  readonly emptyHint?: string;
  readonly icon: ReactNode;
  /** Where one is made, and who may. */
  readonly makeAt: string;
  readonly makeNeeds: Action;
  readonly url: ListUrl;
  readonly query: UseQueryResult<ListPage<T>>;
  readonly children: (rows: readonly T[]) => ReactNode;
}

/** A list that is searched by a name, and the button that makes another. */
export function SearchedListPage<T>(props: SearchedListPageProps<T>) {
  const { title, emptyTitle, emptyHint, icon, makeAt, makeNeeds, url, query, children } = props;
  const { may } = useMe();
  const make = may(makeNeeds) && (
    <Button component={Link} to={makeAt} leftSection={<IconPlus size={18} aria-hidden />}>
      {props.makeLabel}
    </Button>
  );
  return (
    <>
      <PageHead title={title}>{make}</PageHead>
      <search className={filters.filters} aria-label={texts.common.filters}>
        <SearchField label={props.searchLabel} value={url.filters['q'] ?? ''} onChange={(q) => url.setFilter('q', q)} />
      </search>
      <ListView
        query={query}
        url={url}
        empty={
          <EmptyView icon={icon} title={emptyTitle} hint={emptyHint}>
            {make}
          </EmptyView>
        }
      >
        {children}
      </ListView>
    </>
  );
}
