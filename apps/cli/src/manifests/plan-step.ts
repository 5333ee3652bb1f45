import { KnotError } from '@knot/shared/errors';
import { answer } from '../api/api.js';
import type { Client } from '../client/open-client.js';
import { findOwnSpace } from '../spaces/find-space.js';
import { wishFor } from '../spaces/space-deeds.js';
import { findTemplate, templateNamed } from '../templates/find-template.js';
import { printWarnings } from '../templates/print-warnings.js';
import { volumeNamed } from '../volumes/find-volume.js';
import { keyOf, type PlacedManifest } from './manifest.js';
import { scopeBody, scopePresent, scopeWanted } from './template-scope.js';
import { planGroup, planRole, planUser } from './plan-people.js';
import { planVariable } from './plan-variable.js';
import { sortedPorts, type PortSpec } from './ports-field.js';
import { differences, stepTo, type Step } from './step.js';

type ManifestOf<K extends PlacedManifest['kind']> = Extract<PlacedManifest, { kind: K }>;

/** What is to be done so that this manifest is true. Throws where that is not possible. Does nothing itself. */
export function planStep(
  client: Client,
  manifest: PlacedManifest,
  /** Keys of what the same apply makes true. */
  coming: ReadonlySet<string>,
): Promise<Step> {
  switch (manifest.kind) {
    case 'Role':
      return planRole(client, manifest);
    case 'Group':
      return planGroup(client, manifest);
    case 'User':
      return planUser(client, manifest, coming);
    case 'Variable':
      return planVariable(client, manifest, coming);
    case 'Template':
      return planTemplate(client, manifest, coming);
    case 'Volume':
      return planVolume(client, manifest);
    case 'Space':
      return planSpace(client, manifest, coming);
  }
}

async function planTemplate(
  client: Client,
  { kind, name, spec, place }: ManifestOf<'Template'>,
  coming: ReadonlySet<string>,
): Promise<Step> {
  const { api } = client;
  const { platform, job = '', volumes = '', description = '', restart = 'always', exceptions = [], note } = spec;
  const wanted = { description, job, volumes, restart, exceptions: [...exceptions] };
  const missing = (spec.groups ?? []).filter((group) => !coming.has(keyOf('Group', group)));
  if (missing.length > 0) await scopeBody(client, { ...spec, groups: missing });
  const row = await templateNamed(client, name);
  if (row === undefined) {
    const deed = async () => {
      const body = { name, platform, note, ...wanted, ...(await scopeBody(client, spec)) };
      const { warnings } = await answer(api.POST('/api/v1/templates', { body }));
      printWarnings(client.context, warnings);
    };
    return { kind, name, outcome: 'created', changes: [], deed };
  }
  if (row.platform !== platform) {
    throw refused(place, `the template ${name} is for ${row.platform}, and that cannot change: give it another name`);
  }
  const known = await answer(api.GET('/api/v1/templates/{id}', { params: { path: { id: row.id } } }));
  if (known.job === undefined) throw refused(place, 'the texts of a template are for administrators', 'access.denied');
  const params = { path: { id: known.id }, header: { 'If-Match': `"${known.version}"` } };
  const scope = await scopePresent(client, known);
  const changes = [...differences(wanted, { ...known }), ...differences(scopeWanted(spec), scope)];
  return stepTo({ kind, name }, changes, async () => {
    const body = { ...wanted, name: known.name, note, ...(await scopeBody(client, spec)) };
    const { warnings } = await answer(api.PUT('/api/v1/templates/{id}', { params, body }));
    printWarnings(client.context, warnings);
  });
}

async function planVolume(client: Client, { kind, name, spec, place }: ManifestOf<'Volume'>): Promise<Step> {
  const { api } = client;
  const { platform, location, definition, want = 'present' } = spec;
  const known = await volumeNamed(client, name);
  if (known === undefined) {
    const body = { name, platform, location, definition };
    const deed = async (): Promise<void> => {
      const { id } = await answer(api.POST('/api/v1/volumes', { body }));
      if (want === 'present')
        await answer(api.PATCH('/api/v1/volumes/{id}', { params: { path: { id } }, body: { want } }));
    };
    return { kind, name, outcome: 'created', changes: [], deed };
  }
  const [fixed] = differences({ platform, location }, { ...known });
  if (fixed !== undefined)
    throw refused(place, `the ${fixed} of the volume ${name} cannot change: give it another name`);
  const changes = differences({ definition, want }, { ...known });
  if (known.want === 'present' && changes.length > 0) {
    const what = changes.includes('want')
      ? 'would be destroyed with its data'
      : 'can be redefined only while it is absent';
    throw refused(place, `the volume ${name} ${what}: \`knot volumes destroy ${name}\` does that`);
  }
  const params = { path: { id: known.id }, header: { 'If-Match': `"${known.version}"` } };
  return stepTo({ kind, name }, changes, async () => {
    await answer(api.PATCH('/api/v1/volumes/{id}', { params, body: { definition, want } }));
  });
}

async function planSpace(
  client: Client,
  { kind, name, spec, place }: ManifestOf<'Space'>,
  coming: ReadonlySet<string>,
): Promise<Step> {
  const { api } = client;
  const { template, location, description = '', shell = '', want, ports } = spec;
  const known = await findOwnSpace(client, name);
  if (known === undefined) {
    if (!coming.has(keyOf('Template', template))) await findTemplate(client, template);
    const deed = async (): Promise<void> => {
      const { id: templateId } = await findTemplate(client, template);
      const { id } = await answer(
        api.POST('/api/v1/spaces', { body: { name, templateId, location, description, shell } }),
      );
      await sharePorts(client, id, [], ports ?? []);
      if (want === 'running') await wishFor(client, id, 'start');
    };
    return { kind, name, outcome: 'created', changes: [], deed };
  }
  const fixed = { template: template.toLowerCase(), ...(location !== undefined && { location }) };
  const [changed] = differences(fixed, { ...known, template: known.template.name.toLowerCase() });
  if (changed !== undefined) throw refused(place, `the ${changed} of the space ${name} cannot change: delete it first`);
  const { portShares } = await answer(api.GET('/api/v1/spaces/{id}', { params: { path: { id: known.id } } }));
  const wanted = {
    description,
    shell,
    ...(want !== undefined && { want }),
    ...(ports && { ports: sortedPorts(ports) }),
  };
  const changes = differences(wanted, { ...known, ports: sortedPorts(portShares) });
  return stepTo({ kind, name }, changes, async () => {
    const params = { path: { id: known.id }, header: { 'If-Match': `"${known.version}"` } };
    if (changes.includes('description') || changes.includes('shell')) {
      await answer(api.PATCH('/api/v1/spaces/{id}', { params, body: { description, shell } }));
    }
    if (changes.includes('ports')) await sharePorts(client, known.id, portShares, ports ?? []);
    if (changes.includes('want')) await wishFor(client, known.id, want === 'running' ? 'start' : 'stop');
  });
}

async function sharePorts(
  { api }: Client,
  id: string,
  before: readonly PortSpec[],
  after: readonly PortSpec[],
): Promise<void> {
  const shareOf = (ports: readonly PortSpec[], port: number) => ports.find((one) => one.port === port)?.share;
  for (const port of new Set([...before, ...after].map((one) => one.port))) {
    const share = shareOf(after, port);
    if (share === shareOf(before, port)) continue;
    await answer(
      api.PUT('/api/v1/spaces/{id}/port-shares/{port}', { params: { path: { id, port } }, body: { share } }),
    );
  }
}

function refused(place: string, message: string, code: 'state.refused' | 'access.denied' = 'state.refused'): KnotError {
  return new KnotError(code, `${place}: ${message}`);
}
