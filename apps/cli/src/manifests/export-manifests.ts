import { stringify } from 'yaml';
import { allPages, answer } from '../api/api.js';
import type { Space, SpaceDetail, Template, Variable, Volume } from '../api/schemas.js';
import type { Client } from '../client/open-client.js';
import { findSpace } from '../spaces/find-space.js';
import { findTemplate } from '../templates/find-template.js';
import { findVolume } from '../volumes/find-volume.js';
import { KnotError } from '@knot/shared/errors';
import { groupManifests, roleManifests, userManifests } from './export-people.js';
import { FIELDS } from './fields.js';
import { sortedPorts } from './ports-field.js';
import { scheduleSpec } from './schedule-field.js';
import { scopePresent } from './template-scope.js';
import { templateNames } from './variable-templates.js';
import type { Kind, Manifest } from './manifest.js';

/** What is there of a kind, all or what has the name, as `apply` takes it. Of spaces, all are one's own. */
export async function exportManifests(client: Client, kind: Kind, name: string | undefined): Promise<Manifest[]> {
  switch (kind) {
    case 'Role':
      return roleManifests(client, name);
    case 'Group':
      return groupManifests(client, name);
    case 'User':
      return userManifests(client, name);
    case 'Variable':
      return variableManifests(client, await variables(client, name));
    case 'Template': {
      const found = name === undefined ? await allTemplates(client) : [await findTemplate(client, name)];
      const manifests: Manifest[] = [];
      for (const { id } of found) manifests.push(await templateManifest(client, id));
      return manifests;
    }
    case 'Volume':
      return (name === undefined ? await allVolumes(client) : [await findVolume(client, name)]).flatMap(volumeManifest);
    case 'Space':
      return spaceManifests(client, name === undefined ? await ownSpaces(client) : [await findSpace(client, name)]);
  }
}

/** YAML with a document each; texts of several lines stay readable. */
export function manifestsAsYaml(manifests: readonly Manifest[]): string {
  const texts = manifests.map((manifest) => stringify(inOrder(manifest), { lineWidth: 0, blockQuote: 'literal' }));
  return texts.join('---\n');
}

/** The long texts last. */
export function inOrder({ kind, name, labels, spec }: Manifest): Record<string, unknown> {
  const given = new Map<string, unknown>(Object.entries(spec));
  const fields = Object.keys(FIELDS[kind]).filter((field) => given.get(field) !== undefined);
  return {
    kind,
    name,
    ...(labels && { labels }),
    spec: Object.fromEntries(fields.map((field) => [field, given.get(field)])),
  };
}

async function variableManifests(client: Client, found: readonly Variable[]): Promise<Manifest[]> {
  const names = found.some(({ templates }) => templates.length > 0) ? await templateNames(client) : new Map();
  return found.map((variable) => variableManifest(variable, names));
}

function variableManifest(variable: Variable, names: ReadonlyMap<string, string>): Manifest {
  const { name, value, location, restricted } = variable;
  const templates = variable.templates.flatMap((id) => names.get(id) ?? []).toSorted();
  const spec = {
    value: value ?? undefined,
    location: location || undefined,
    protected: variable.protected || undefined,
    restricted: restricted || undefined,
    templates: templates.length === 0 ? undefined : templates,
  };
  return { kind: 'Variable', name, spec };
}

async function templateManifest(client: Client, id: string): Promise<Manifest> {
  const found = await answer(client.api.GET('/api/v1/templates/{id}', { params: { path: { id } } }));
  const { name, platform, description, restart, exceptions, job, volumes } = found;
  if (job === undefined) {
    throw new KnotError('access.denied', 'the texts of a template are for administrators', 'Ask an administrator.');
  }
  const { groups, locations, computeUnits, storageUnits, schedule, ports } = await scopePresent(client, found);
  const spec = {
    platform,
    job,
    groups: groups.length === 0 ? undefined : groups,
    locations: locations.length === 0 ? undefined : locations,
    computeUnits: computeUnits || undefined,
    storageUnits: storageUnits || undefined,
    schedule: schedule ? scheduleSpec(schedule) : undefined,
    ports: ports.length === 0 ? undefined : ports,
    description: description || undefined,
    restart: restart === 'always' ? undefined : restart,
    exceptions: exceptions.length === 0 ? undefined : exceptions,
    volumes: volumes || undefined,
  };
  return { kind: 'Template', name, spec };
}

/** One that is being deleted is nothing to be wished for. */
function volumeManifest({ name, platform, location, definition, want }: Volume): Manifest[] {
  if (want === 'deleted') return [];
  const spec = { platform, location, definition, want: want === 'present' ? undefined : want };
  return [{ kind: 'Volume', name, spec }];
}

async function spaceManifests({ api }: Client, found: readonly Space[]): Promise<Manifest[]> {
  const manifests: Manifest[] = [];
  for (const { id } of found) {
    manifests.push(spaceManifest(await answer(api.GET('/api/v1/spaces/{id}', { params: { path: { id } } }))));
  }
  return manifests;
}

function spaceManifest({ name, template, location, description, shell, want, portShares }: SpaceDetail): Manifest {
  const spec = {
    template: template.name,
    location,
    description: description || undefined,
    shell: shell || undefined,
    want: want === 'deleted' ? undefined : want,
    ports: portShares.length === 0 ? undefined : sortedPorts(portShares),
  };
  return { kind: 'Space', name, spec };
}

async function variables({ api }: Client, name: string | undefined): Promise<Variable[]> {
  const all = await allPages((cursor) =>
    answer(api.GET('/api/v1/variables', { params: { query: { q: name, ...cursor } } })),
  );
  if (name === undefined) return all;
  const found = all.filter((variable) => variable.name === name);
  if (found.length > 0) return found;
  throw new KnotError(
    'resource.not_found',
    `there is no variable ${name}`,
    '`knot variables list` shows what there is.',
  );
}

function allTemplates({ api }: Client): Promise<Template[]> {
  return allPages((cursor) => answer(api.GET('/api/v1/templates', { params: { query: cursor } })));
}

function allVolumes({ api }: Client): Promise<Volume[]> {
  return allPages((cursor) => answer(api.GET('/api/v1/volumes', { params: { query: cursor } })));
}

function ownSpaces({ api }: Client): Promise<Space[]> {
  return allPages((cursor) => answer(api.GET('/api/v1/spaces', { params: { query: { owner: 'me', ...cursor } } })));
}
