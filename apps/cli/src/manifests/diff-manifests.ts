import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import { stringify } from 'yaml';
import type { Client } from '../client/open-client.js';
import { printJson } from '../output.js';
import { exportManifests } from './export-manifests.js';
import { keyOf, type Manifest, type PlacedManifest } from './manifest.js';
import { planStep } from './plan-step.js';
import { readManifests } from './read-manifests.js';
import type { Step } from './step.js';

const HIDDEN = '********';

/** Prints what an apply would change, field by field, as a patch of what `knot get` prints. Changes nothing. */
export async function runDiff(client: Client, files: readonly string[], json: boolean): Promise<void> {
  const { stdout } = client.context;
  const manifests = await readManifests(client.context, files);
  const coming = new Set(manifests.map(({ kind, name }) => keyOf(kind, name)));
  const found = [];
  for (const manifest of manifests) {
    const { kind, name, outcome, changes } = await planStep(client, manifest, coming);
    if (outcome === 'unchanged') continue;
    found.push({ kind, name, outcome, changes, patch: await patchOf(client, manifest, outcome, changes) });
  }
  if (json) return printJson(stdout, found);
  for (const { patch } of found) stdout.write(patch);
  if (found.length === 0) client.context.stderr.write('note: all of it is so already\n');
}

async function patchOf(
  client: Client,
  manifest: PlacedManifest,
  outcome: Step['outcome'],
  changes: readonly string[],
): Promise<string> {
  const { kind, name } = manifest;
  const present = outcome === 'created' ? undefined : await presentOf(client, manifest);
  const fields = outcome === 'created' ? Object.keys(manifest.spec) : changes;
  const [before, after] = [present && shown(present, fields), shown(manifest, fields)];
  const title = `${kind}/${name}`;
  const [from, to] = [present ? `${title}, as it is` : '/dev/null', `${title}, as it is to be`];
  const options = { context: 3, headerOptions: FILE_HEADERS_ONLY };
  return createTwoFilesPatch(from, to, before ?? '', after, undefined, undefined, options);
}

async function presentOf(client: Client, manifest: PlacedManifest): Promise<Manifest | undefined> {
  const found = await exportManifests(client, manifest.kind, manifest.name);
  if (manifest.kind !== 'Variable') return found[0];
  const { location = '' } = manifest.spec;
  return found.find((one) => one.kind === 'Variable' && (one.spec.location ?? '') === location);
}

/** The fields as YAML, without what is nobody's to see on a screen. */
function shown({ kind, spec }: Manifest, fields: readonly string[]): string {
  const given = new Map<string, unknown>(Object.entries(spec));
  const secret = new Set(kind === 'User' ? ['password'] : given.get('protected') === true ? ['value'] : []);
  const chosen = fields.flatMap((field): [string, unknown][] => {
    const value = given.get(field);
    return value === undefined ? [] : [[field, secret.has(field) ? HIDDEN : value]];
  });
  return chosen.length === 0 ? '' : stringify(Object.fromEntries(chosen), { lineWidth: 0, blockQuote: 'literal' });
}
