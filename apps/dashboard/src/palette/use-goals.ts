import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMe } from '../app/use-me.js';
import { ADMINISTRATION, DEEDS, ROOMS } from '../app/rooms.js';
import { locationsQuery } from '../queries/location-queries.js';
import { withoutFilters } from '../queries/space-filters.js';
import { spacesQuery } from '../queries/space-queries.js';
import { templatesQuery } from '../queries/template-queries.js';
import { texts } from '../texts/texts.js';
import { foundGoals, type Goal } from './found.js';

/** Where one can go by a text: pages that one may enter, deeds, spaces, templates, locations. */
export function useGoals(text: string): readonly Goal[] {
  const { may } = useMe();
  const q = text.trim().split(/\s+/).at(-1) ?? '';
  const spaces = useInfiniteQuery({
    ...spacesQuery({ ...withoutFilters(), q: q.slice(0, 64) }),
    placeholderData: keepPreviousData,
  });
  const templates = useQuery(templatesQuery());
  const locations = useQuery(locationsQuery());
  const pages = [...ROOMS, ...ADMINISTRATION].map((room) => ({ ...room, kind: texts.palette.page }));
  const deeds = DEEDS.map((deed) => ({ ...deed, kind: texts.palette.deed }));
  const known: readonly Goal[] = [
    ...[...pages, ...deeds].filter(({ needs }) => may(needs)),
    { to: '/profile', label: texts.nav.profile, kind: texts.palette.page },
    ...(spaces.data?.pages ?? [])
      .flatMap(({ items }) => items)
      .map(({ id, name }) => ({ to: `/spaces/${id}`, label: name, kind: texts.access.kinds.space })),
    ...(templates.data ?? []).map(({ id, name }) => ({
      to: `/templates/${id}`,
      label: name,
      kind: texts.access.kinds.template,
    })),
    ...(locations.data ?? []).map(({ name }) => ({
      to: `/locations/${encodeURIComponent(name)}`,
      label: name,
      kind: texts.palette.location,
    })),
  ];
  return foundGoals(known, text);
}
