import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Space } from '../api/schemas.js';
import { useLive } from '../live/live-context.js';
import { sightOfSpace, type Sight } from '../live/sight.js';
import { locationsQuery } from './location-queries.js';

/** How well each space is seen, by its own word and its location's. */
export function useSights(): (space: Space) => Sight {
  const hearing = useLive();
  const { data: locations } = useQuery(locationsQuery());
  return useMemo(() => {
    const byName = new Map((locations ?? []).map((location) => [location.name, location]));
    return (space) => sightOfSpace(space, byName.get(space.location) ?? null, hearing);
  }, [locations, hearing]);
}
