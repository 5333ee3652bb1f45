import type { Client } from '../client/open-client.js';
import { printJson } from '../output.js';
import { keyOf } from './manifest.js';
import { planStep } from './plan-step.js';
import { readManifests } from './read-manifests.js';
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
  const manifests = await readManifests(context, files);
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
