import { KnotError } from '@knot/shared/errors';
import { answer } from '../api/api.js';
import type { Client } from '../client/open-client.js';
import { findVariable } from '../variables/find-variable.js';
import type { PlacedManifest } from './manifest.js';
import { differences, stepTo, type Step } from './step.js';
import { idsOfTemplates, templateNames } from './variable-templates.js';

type VariableManifest = Extract<PlacedManifest, { kind: 'Variable' }>;

export async function planVariable(
  client: Client,
  { kind, name, spec, place }: VariableManifest,
  coming: ReadonlySet<string>,
): Promise<Step> {
  const { value, location = '', protected: isProtected = false, restricted = false, templates } = spec;
  const { api } = client;
  if (templates && templates.length > 0 && !isProtected) {
    const message = `${place}: every template may use the variable ${name}, which is not protected: leave spec.templates out`;
    throw new KnotError('state.refused', message);
  }
  const flags = { protected: isProtected, restricted };
  const there = templates && (await idsOfTemplates(client, templates, coming));
  const allowed = there && isProtected ? { templates: there } : {};
  const later = there && there.length < templates.length ? () => allow(client, spec, name) : undefined;
  const known = await findVariable(client, name, location);
  if (known === undefined) {
    if (value === undefined) {
      throw new KnotError('state.refused', `${place}: the variable ${name} is not there yet, so it needs a value`);
    }
    const body = { name, location, value, ...flags, ...allowed };
    const deed = async () => void (await answer(api.POST('/api/v1/variables', { body })));
    return { kind, name, outcome: 'created', changes: [], deed, later };
  }
  // a protected value cannot be read, so it cannot be compared: one that is given is set
  const wanted = { ...(value !== undefined && { value }), ...flags, ...(templates && { templates: lower(templates) }) };
  const names = known.templates.length === 0 ? new Map<string, string>() : await templateNames(client);
  const present = { ...known, templates: lower(known.templates.flatMap((id) => names.get(id) ?? [])) };
  const changes = differences(wanted, present);
  const params = { path: { id: known.id }, header: { 'If-Match': `"${known.version}"` } };
  const body = { value, ...flags, ...allowed };
  const step = stepTo({ kind, name }, changes, async () => {
    await answer(api.PUT('/api/v1/variables/{id}', { params, body }));
  });
  return { ...step, later };
}

/** All the templates that it names: those that were coming are there by now. */
async function allow(client: Client, spec: VariableManifest['spec'], name: string): Promise<void> {
  const { location = '', templates = [] } = spec;
  const variable = await findVariable(client, name, location);
  if (variable === undefined) return;
  const { id, version } = variable;
  const body = { templates: await idsOfTemplates(client, templates, new Set()) };
  const params = { path: { id }, header: { 'If-Match': `"${version}"` } };
  await answer(client.api.PUT('/api/v1/variables/{id}', { params, body }));
}

function lower(names: readonly string[]): string[] {
  return [...new Set(names.map((name) => name.toLowerCase()))].toSorted();
}
