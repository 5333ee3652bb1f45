import { resolve } from 'node:path';
import { KnotError } from '@knot/shared/errors';
import type { Client } from '../client/open-client.js';
import type { CommandContext } from '../command-context.js';
import { printJson } from '../output.js';
import { readText } from '../read-text.js';
import { KINDS, keyOf, type PlacedManifest } from './manifest.js';
import { parseManifests } from './parse-manifests.js';
import { planStep } from './plan-step.js';
import type { Step } from './step.js';

export interface ApplyInput {
  /** Files, folders or `-`. */
  readonly files: readonly string[];
  readonly dryRun: boolean;
  readonly json: boolean;
}

/** Makes what the manifests say true; all of it is decided before the first change, so a dry run says the same. */
export async function runApply(client: Client, { files, dryRun, json }: ApplyInput): Promise<void> {
  const { context } = client;
  const manifests = inOrder(await readAll(context, files));
  const coming = new Set(manifests.map(({ kind, name }) => keyOf(kind, name)));
  const steps: Step[] = [];
  for (const manifest of manifests) steps.push(await planStep(client, manifest, coming));
  const done: Step[] = [];
  try {
    for (const step of steps) {
      if (!dryRun) await step.deed();
      done.push(step);
      if (!json) context.stdout.write(`${lineOf(step)}\n`);
    }
  } finally {
    // also where one has failed: what came before it is done
    const facts = done.map(({ kind, name, outcome, changes }) => ({ kind, name, outcome, changes }));
    if (json) printJson(context.stdout, facts);
  }
  if (dryRun) context.stderr.write('note: this was a dry run; nothing is done\n');
}

function lineOf({ kind, name, outcome, changes }: Step): string {
  return `${outcome.padEnd(9)}  ${kind}/${name}${changes.length === 0 ? '' : ` (${changes.join(', ')})`}`;
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
