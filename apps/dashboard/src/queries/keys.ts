import type { SpaceFilters } from './space-filters.js';

/** One key per thing that is asked of the server. Lists come under `list`, so that a change finds them all. */
export const keys = {
  setup: ['setup'],
  me: ['me'],
  users: ['users'],
  spaces: ['spaces'],
  spaceLists: ['spaces', 'list'],
  spaceList: (filters: SpaceFilters) => ['spaces', 'list', filters],
  space: (id: string) => ['spaces', 'one', id],
  templates: ['templates'],
  templateList: ['templates', 'list'],
  template: (id: string) => ['templates', 'one', id],
  templateVersions: (id: string) => ['templates', 'versions', id],
  templateVersion: (id: string, number: number) => ['templates', 'version', id, number],
  locations: ['locations'],
  locationList: ['locations', 'list'],
  location: (name: string) => ['locations', 'one', name],
  orphans: (name: string) => ['locations', 'orphans', name],
  tokens: ['tokens'],
  sessions: ['sessions'],
} as const;
