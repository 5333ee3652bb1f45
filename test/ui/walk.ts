import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const checkout = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Ids of things that exist, by which the pages of one thing are found. */
export interface Subjects {
  readonly space: string;
  readonly template: string;
  readonly variable: string;
  readonly volume: string;
  readonly user: string;
  readonly group: string;
  readonly role: string;
  readonly location: string;
  readonly rollOut: string;
}

export interface Stop {
  readonly path: string;
  /** A heading that stands there once the page has read what it shows. */
  readonly heading: RegExp;
  /** Without it the page shows nothing that was read, and has no states of its own. */
  readonly reads?: boolean;
}

/** One stop for each page of who is signed in, by the pattern of its route. */
export function walk({
  space,
  template,
  variable,
  volume,
  user,
  group,
  role,
  location,
  rollOut,
}: Subjects): Record<string, Stop> {
  return {
    '/spaces': { path: '/spaces', heading: /^Spaces$/, reads: true },
    '/spaces/new': { path: '/spaces/new', heading: /^New space$/, reads: true },
    '/spaces/:id': { path: `/spaces/${space}`, heading: /^Conditions$/, reads: true },
    '/spaces/:id/terminal': { path: `/spaces/${space}/terminal`, heading: /^Terminal/, reads: true },
    '/spaces/:id/logs': { path: `/spaces/${space}/logs`, heading: /^Logs/, reads: true },
    '/templates': { path: '/templates', heading: /^Templates$/, reads: true },
    '/templates/new': { path: '/templates/new', heading: /^New template$/, reads: true },
    '/templates/:id': { path: `/templates/${template}`, heading: /^Versions$/, reads: true },
    '/templates/:id/edit': { path: `/templates/${template}/edit`, heading: /^Edit /, reads: true },
    '/templates/:id/versions': { path: `/templates/${template}/versions`, heading: /^What differs/, reads: true },
    '/templates/:id/roll-out': { path: `/templates/${template}/roll-out`, heading: /^Roll out/, reads: true },
    '/roll-outs/:id': { path: `/roll-outs/${rollOut}`, heading: /^How far it is$/, reads: true },
    '/locations': { path: '/locations', heading: /^Locations$/, reads: true },
    '/locations/:name': { path: `/locations/${location}`, heading: /^Platforms$/, reads: true },
    '/add-location': { path: '/add-location', heading: /^Add a location$/ },
    '/variables': { path: '/variables', heading: /^Variables$/, reads: true },
    '/variables/new': { path: '/variables/new', heading: /^New variable$/ },
    '/variables/:id': { path: `/variables/${variable}`, heading: /^Danger zone$/, reads: true },
    '/volumes': { path: '/volumes', heading: /^Volumes$/, reads: true },
    '/volumes/new': { path: '/volumes/new', heading: /^New volume$/, reads: true },
    '/volumes/:id': { path: `/volumes/${volume}`, heading: /^Definition$/, reads: true },
    '/users': { path: '/users', heading: /^Users$/, reads: true },
    '/users/new': { path: '/users/new', heading: /^New user$/ },
    '/users/:id': { path: `/users/${user}`, heading: /^Change$/, reads: true },
    '/users/:id/access': { path: `/users/${user}/access`, heading: /^Permissions$/, reads: true },
    '/access': { path: '/access', heading: /^Permissions$/, reads: true },
    '/groups': { path: '/groups', heading: /^Groups$/, reads: true },
    '/groups/new': { path: '/groups/new', heading: /^New group$/ },
    '/groups/:id': { path: `/groups/${group}`, heading: /^Danger zone$/, reads: true },
    '/roles': { path: '/roles', heading: /^Roles$/, reads: true },
    '/roles/new': { path: '/roles/new', heading: /^New role$/, reads: true },
    '/roles/:id': { path: `/roles/${role}`, heading: /^Danger zone$/, reads: true },
    '/audit': { path: '/audit', heading: /^Audit$/, reads: true },
    '/usage': { path: '/usage', heading: /^By user$/, reads: true },
    '/guide/:page': { path: '/guide/health', heading: /^store.silent$/ },
    '/operations': { path: '/operations', heading: /^Operations$/, reads: true },
    '/status': { path: '/status', heading: /^Findings$/, reads: true },
    '/profile': { path: '/profile', heading: /^API tokens$/, reads: true },
    '/app-closed': { path: '/app-closed?code=resource.not_found', heading: /^This app does not open for you$/ },
    '*': { path: '/there/is/no/such/page', heading: /^There is no such page$/ },
  };
}

/** The patterns of all routes that the dashboard has. */
export function routePatterns(): string[] {
  const text = readFileSync(join(checkout, 'apps/dashboard/src/app/pages.ts'), 'utf8');
  return [...text.matchAll(/^ {2}'([^']+)': async/gm)].map(([, pattern = '']) => pattern);
}
