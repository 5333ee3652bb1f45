import { useMemo } from 'react';
import { useSearchParams } from 'react-router';

/** What a list is asked for; '' is not at all. */
export interface ListAsked {
  readonly filters: Readonly<Record<string, string>>;
  /** Of the page; '' is the first. */
  readonly cursor: string;
}

export interface ListUrl extends ListAsked {
  readonly isFiltered: boolean;
  /** Goes to the first page of the list so narrowed. */
  readonly setFilter: (name: string, value: string) => void;
  readonly clear: () => void;
  /** The address of another page of the same list. */
  readonly pageAt: (cursor: string) => string;
}

/** Filters and page of a list, which stand in the address and nowhere else. Unknown names are passed over. */
export function useListUrl(names: readonly string[]): ListUrl {
  const [params, setParams] = useSearchParams();
  const known = names.join(' ');
  const asked = useMemo(() => askedOf(known.split(' '), params), [known, params]);
  const write = (filters: Readonly<Record<string, string>>, cursor = '') =>
    new URLSearchParams(Object.entries({ ...filters, cursor }).filter(([, value]) => value !== ''));
  return {
    ...asked,
    isFiltered: Object.values(asked.filters).some((value) => value !== ''),
    setFilter: (name, value) => {
      // of the address itself: what was chosen a moment before may not be drawn yet
      const { filters } = askedOf(known.split(' '), new URLSearchParams(window.location.search));
      void setParams(write({ ...filters, [name]: value }), { replace: true, preventScrollReset: true });
    },
    clear: () => setParams(new URLSearchParams(), { replace: true }),
    pageAt: (cursor) => `?${write(asked.filters, cursor).toString()}`,
  };
}

function askedOf(names: readonly string[], params: URLSearchParams): ListAsked {
  const text = (name: string, length: number) => (params.get(name) ?? '').slice(0, length);
  return {
    filters: Object.fromEntries(names.map((name) => [name, text(name, 128)])),
    cursor: text('cursor', 1024),
  };
}

/** As the query of a request. */
export function queryOf({ filters, cursor }: ListAsked) {
  return Object.fromEntries(Object.entries({ ...filters, cursor }).filter(([, value]) => value !== ''));
}
