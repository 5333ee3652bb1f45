import { Button, Group } from '@mantine/core';
import { IconChevronRight, IconChevronsLeft, IconSearchOff } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { ListUrl } from '../queries/use-list-url.js';
import { texts } from '../texts/texts.js';
import { EmptyView } from './empty-view.js';
import { QueryView } from './query-view.js';

export interface ListPage<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

interface ListViewProps<T> {
  readonly query: UseQueryResult<ListPage<T>>;
  readonly url: ListUrl;
  /** When there is nothing at all. */
  readonly empty: ReactNode;
  readonly children: (rows: readonly T[]) => ReactNode;
}

/** One page of a list, and the way to the others. */
export function ListView<T>({ query, url, empty, children }: ListViewProps<T>) {
  return (
    <QueryView query={query}>
      {({ items, next }) => (
        <>
          {items.length > 0 ? (
            children(items)
          ) : url.isFiltered || url.cursor !== '' ? (
            <NothingFound url={url} />
          ) : (
            empty
          )}
          <Pager url={url} next={next} />
        </>
      )}
    </QueryView>
  );
}

function NothingFound({ url }: { url: ListUrl }) {
  return (
    <EmptyView icon={<IconSearchOff size={28} />} title={texts.common.nothingFound}>
      <Button variant="default" onClick={url.clear}>
        {texts.common.clear}
      </Button>
    </EmptyView>
  );
}

function Pager({ url, next }: { url: ListUrl; next: string | null }) {
  if (url.cursor === '' && next === null) return null;
  return (
    <Group component="nav" aria-label={texts.common.pages} gap="sm">
      {url.cursor !== '' && (
        <Button
          component={Link}
          to={url.pageAt('')}
          variant="default"
          leftSection={<IconChevronsLeft size={16} aria-hidden />}
        >
          {texts.common.firstPage}
        </Button>
      )}
      {next !== null && (
        <Button
          component={Link}
          to={url.pageAt(next)}
          variant="default"
          rightSection={<IconChevronRight size={16} aria-hidden />}
        >
          {texts.common.nextPage}
        </Button>
      )}
    </Group>
  );
}
