import type { InfiniteData } from '@tanstack/react-query';
import type { Space, SpacePage } from '../api/schemas.js';
import { matchesFilters, type SpaceFilters } from '../queries/space-filters.js';

export type SpacePages = InfiniteData<SpacePage, string | null>;

export interface SpacesView {
  readonly filters: SpaceFilters;
  /** Id of who looks. */
  readonly me: string;
}

/** The loaded pages of the list of spaces after one space changed. Equal pages keep their identity. */
export function patchSpaces(pages: SpacePages, space: Space, { filters, me }: SpacesView): SpacePages {
  const known = pages.pages.some(({ items }) => items.some(({ id }) => id === space.id));
  if (!matchesFilters(space, filters, me)) return known ? dropSpace(pages, space.id) : pages;
  const renamed =
    known && !pages.pages.some(({ items }) => items.some((s) => s.id === space.id && s.name === space.name));
  if (!known || renamed) return insertSpace(renamed ? dropSpace(pages, space.id) : pages, space);
  return mapPages(pages, (items) =>
    items.some(({ id }) => id === space.id) ? items.map((item) => (item.id === space.id ? space : item)) : items,
  );
}

export function dropSpace(pages: SpacePages, id: string): SpacePages {
  return mapPages(pages, (items) =>
    items.some((item) => item.id === id) ? items.filter((item) => item.id !== id) : items,
  );
}

/** Into the page where its name belongs; a name beyond the last loaded page comes with the page that holds it. */
function insertSpace(pages: SpacePages, space: Space): SpacePages {
  const index = pages.pages.findIndex(({ items, next }) => {
    const last = items.at(-1);
    return next === null || (last !== undefined && isBefore(space, last));
  });
  const page = pages.pages[index];
  if (!page) return pages;
  const at = page.items.findIndex((item) => isBefore(space, item));
  const items = page.items.toSpliced(at < 0 ? page.items.length : at, 0, space);
  return { ...pages, pages: pages.pages.with(index, { ...page, items }) };
}

/** The order in which the server lists them. */
function isBefore(a: Space, b: Space): boolean {
  return a.name === b.name ? a.id < b.id : a.name < b.name;
}

function mapPages(pages: SpacePages, change: (items: Space[]) => Space[]): SpacePages {
  const next = pages.pages.map((page) => {
    const items = change(page.items);
    return items === page.items ? page : { ...page, items };
  });
  return next.every((page, index) => page === pages.pages[index]) ? pages : { ...pages, pages: next };
}
