import { PHASES, type Phase } from '@knot/domain';
import type { Space } from '../api/schemas.js';

/** What the list of spaces is narrowed to; '' means not at all. */
export interface SpaceFilters {
  readonly q: string;
  /** User id or `me`. */
  readonly owner: string;
  readonly location: string;
  /** Template id. */
  readonly template: string;
  readonly phase: Phase | '';
}

const NO_FILTERS: SpaceFilters = { q: '', owner: '', location: '', template: '', phase: '' };

/** Unknown names and values in the address are passed over. */
export function filtersFromUrl(params: URLSearchParams): SpaceFilters {
  const phase = PHASES.find((name) => name === params.get('phase')) ?? '';
  const text = (name: string) => (params.get(name) ?? '').slice(0, 64);
  return { q: text('q'), owner: text('owner'), location: text('location'), template: text('template'), phase };
}

/** Only what is set stands in the address. */
export function filtersToUrl(filters: SpaceFilters): URLSearchParams {
  return new URLSearchParams(Object.entries(filters).filter(([, value]) => value !== ''));
}

export function isFiltered(filters: SpaceFilters): boolean {
  return Object.values(filters).some((value) => value !== '');
}

export function withoutFilters(): SpaceFilters {
  return NO_FILTERS;
}

/** Whether the list so narrowed would hold the space. `me` is the id of who looks. */
export function matchesFilters(space: Space, filters: SpaceFilters, me: string): boolean {
  const owner = filters.owner === 'me' ? me : filters.owner;
  return (
    (owner === '' || space.owner.id === owner) &&
    (filters.location === '' || space.location === filters.location) &&
    (filters.template === '' || space.template.id === filters.template) &&
    (filters.phase === '' || space.phase === filters.phase) &&
    space.name.toLowerCase().includes(filters.q.toLowerCase())
  );
}
