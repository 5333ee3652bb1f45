import type { QueryClient, QueryKey } from '@tanstack/react-query';
import type { Location, LocationDetail, Me, Space, SpaceDetail, Template } from '../api/schemas.js';
import { keys } from '../queries/keys.js';
import type { SpaceFilters } from '../queries/space-filters.js';
import type { Change } from './parse-change.js';
import { dropSpace, patchSpaces, type SpacePages } from './patch-spaces.js';

/** Where the parts that an event does not carry are asked for again. */
export interface Refresher {
  ask(queryKey: QueryKey): void;
}

/** What is read again when something of the kind changed: only what a view shows costs a request. */
const LISTS: Readonly<Record<string, readonly QueryKey[]>> = {
  user: [keys.users, keys.accesses, keys.quotas],
  group: [keys.groups, keys.quotas, keys.accesses],
  role: [keys.roles, keys.accesses],
  variable: [keys.variables],
  volume: [keys.volumes, keys.operations],
  offer: [keys.offers],
  'roll-out': [keys.rollOuts],
};

/** Patches all that was read with one change of the event stream. */
export function applyChange(client: QueryClient, refresher: Refresher, change: Change): void {
  switch (change.kind) {
    case 'space':
      return applySpace(client, refresher, change.id, change.object);
    case 'location':
      return applyLocation(client, refresher, change.id, change.object);
    case 'template':
      return applyTemplate(client, refresher, change.id, change.object);
    case 'other':
      for (const key of LISTS[change.name] ?? []) refresher.ask(key);
      // what one's roles allow changes with them
      if (change.name === 'role') refresher.ask(keys.me);
      if (change.name === 'user' && change.id === client.getQueryData<Me>(keys.me)?.id) {
        refresher.ask(keys.me);
        refresher.ask(keys.sshKeys);
      }
      return;
  }
}

function applySpace(client: QueryClient, refresher: Refresher, id: string, space: Space | null): void {
  const me = client.getQueryData<Me>(keys.me)?.id ?? '';
  for (const query of client.getQueryCache().findAll({ queryKey: keys.spaceLists })) {
    const filters = filtersOf(query.queryKey);
    if (!filters) continue;
    client.setQueryData<SpacePages>(query.queryKey, (pages) => {
      if (!pages) return undefined;
      return space ? patchSpaces(pages, space, { filters, me }) : dropSpace(pages, id);
    });
    refreshIfReading(client, refresher, query.queryKey);
  }
  if (space) client.setQueryData<SpaceDetail>(keys.space(id), (old) => old && { ...old, ...space });
  refresher.ask(keys.space(id));
  refresher.ask(keys.operations);
  refresher.ask(keys.quotas);
}

function applyLocation(client: QueryClient, refresher: Refresher, name: string, location: Location | null): void {
  const before = client.getQueryData<LocationDetail>(keys.location(name));
  client.setQueryData<Location[]>(keys.locationList, (old) => old && putByKey(old, name, location, (one) => one.name));
  if (location) client.setQueryData<LocationDetail>(keys.location(name), (old) => old && { ...old, ...location });
  refreshIfReading(client, refresher, keys.locationList);
  if (!location || isMoreThanAWordOfLife(before, location)) refresher.ask(keys.location(name));
  if (before?.orphans !== location?.orphans) refresher.ask(keys.orphans(name));
}

/** A leaf's sign of life alone changes nothing that only the detail holds. */
function isMoreThanAWordOfLife(before: LocationDetail | undefined, now: Location): boolean {
  if (!before) return true;
  return before.version !== now.version || before.waiting !== now.waiting || before.lag !== now.lag;
}

function applyTemplate(client: QueryClient, refresher: Refresher, id: string, template: Template | null): void {
  client.setQueryData<Template[]>(keys.templateList, (old) => old && putByKey(old, id, template, (one) => one.id));
  refreshIfReading(client, refresher, keys.templateList);
  refresher.ask(keys.template(id));
  refresher.ask(keys.templateVersions(id));
}

/** The list with one of its members put, replaced or taken out; ordered by name. */
function putByKey<T extends { readonly name: string }>(
  list: T[],
  key: string,
  value: T | null,
  keyOf: (one: T) => string,
): T[] {
  if (!value) return list.filter((one) => keyOf(one) !== key);
  if (list.some((one) => keyOf(one) === key)) return list.map((one) => (keyOf(one) === key ? value : one));
  return [...list, value].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** An answer that is under way may be older than the event that overtook it. */
function refreshIfReading(client: QueryClient, refresher: Refresher, queryKey: QueryKey): void {
  if (client.getQueryState(queryKey)?.fetchStatus === 'fetching') refresher.ask(queryKey);
}

function filtersOf(queryKey: QueryKey): SpaceFilters | null {
  const last = queryKey[2];
  return isFilters(last) ? last : null;
}

function isFilters(value: unknown): value is SpaceFilters {
  return typeof value === 'object' && value !== null && 'phase' in value && 'q' in value;
}
