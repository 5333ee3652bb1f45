import { resolve } from 'node:path';
import { KnotError } from '@knot/shared/errors';
import type { CommandContext } from '../command-context.js';
import { readText } from '../read-text.js';
import { KINDS, type PlacedManifest } from './manifest.js';
import { parseManifests } from './parse-manifests.js';

/** The manifests of files, folders or `-`: what others stand on comes first. Throws where there is none. */
export async function readManifests(context: CommandContext, files: readonly string[]): Promise<PlacedManifest[]> {
  return inOrder(await readAll(context, files));
}

async function readAll(context: CommandContext, names: readonly string[]): Promise<PlacedManifest[]> {
  const manifests: PlacedManifest[] = [];
  for (const name of names.flatMap((one) => filesOf(context, one))) {
    manifests.push(...parseManifests(await readText(context, name), name === '-' ? 'standard input' : name));
  }
  if (manifests.length > 0) return manifests;
  throw new KnotError('input.invalid', `${names.join(', ')}: there is no manifest`, '`knot apply --help` shows one.');
}

/** A folder stands for the YAML files in it. */
function filesOf(context: CommandContext, name: string): string[] {
  if (name === '-') return [name];
  const inside = context.listFolder(resolve(context.cwd, name)).filter((file) => /\.(ya?ml|json)$/.test(file));
  return inside.length === 0 ? [name] : inside.toSorted().map((file) => `${name.replace(/\/$/, '')}/${file}`);
}

/** What others stand on first; within a kind as they were read. The same thing twice is refused. */
function inOrder(manifests: readonly PlacedManifest[]): PlacedManifest[] {
  const seen = new Map<string, string>();
  for (const manifest of manifests) {
    const where = manifest.kind === 'Variable' ? (manifest.spec.location ?? '') : '';
    const key = `${manifest.kind}/${manifest.name.toLowerCase()}/${where}`;
    const first = seen.get(key);
    if (first !== undefined) {
      const message = `${manifest.place}: ${manifest.kind} ${manifest.name} is there twice, first at ${first}`;
      throw new KnotError('input.invalid', message);
    }
    seen.set(key, manifest.place);
  }
  return KINDS.flatMap((kind) => manifests.filter((manifest) => manifest.kind === kind));
}
