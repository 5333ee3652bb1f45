import type { Template } from '../api/schemas.js';
import type { Client } from '../client/open-client.js';
import { allGroups, calledFor } from '../people/find-people.js';
import type { Specs } from './manifest.js';
import { sortedPorts } from './ports-field.js';
import { ALWAYS, inOrder, scheduleBody } from './schedule-field.js';

type Scope = Pick<Template, 'groups' | 'locations' | 'computeUnits' | 'storageUnits' | 'schedule' | 'ports'>;

/** For whom and where a template is, and what a space of it takes, as far as a manifest says; groups by their names. */
export function scopeWanted(spec: Specs['Template']): Partial<Scope> {
  const { groups, locations, computeUnits, storageUnits, schedule, ports } = spec;
  return {
    ...(groups && { groups: sorted(groups.map((name) => name.toLowerCase())) }),
    ...(locations && { locations: sorted(locations) }),
    ...(computeUnits !== undefined && { computeUnits }),
    ...(storageUnits !== undefined && { storageUnits }),
    ...(schedule !== undefined && { schedule: schedule === ALWAYS ? null : scheduleBody(schedule) }),
    ...(ports && { ports: sortedPorts(ports) }),
  };
}

/** The same of what is there. */
export async function scopePresent(client: Client, template: Scope): Promise<Scope> {
  const { groups, locations, computeUnits, storageUnits, schedule, ports } = template;
  const known = groups.length === 0 ? [] : await allGroups(client);
  const names = known.filter(({ id }) => groups.includes(id)).map(({ name }) => name.toLowerCase());
  return {
    ...{ groups: sorted(names), locations: sorted(locations), computeUnits, storageUnits },
    schedule: schedule && inOrder(schedule),
    ports: sortedPorts(ports),
  };
}

/** As the API takes it. Groups are looked for now: the same apply may have made them. */
export async function scopeBody(client: Client, spec: Specs['Template']): Promise<Partial<Scope>> {
  const { groups, ...rest } = scopeWanted(spec);
  if (!groups) return rest;
  const known = groups.length === 0 ? [] : await allGroups(client);
  return { ...rest, groups: groups.map((name) => calledFor(known, name, 'group').id) };
}

function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].toSorted();
}
