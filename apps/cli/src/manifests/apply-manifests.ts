import type { Client } from '../client/open-client.js';
import { printJson } from '../output.js';
import { confirmDeletions, planDeletion } from './delete-manifests.js';
import { namedBy, namedKey, type Named } from './find-named.js';
import { KnownLabels, withLabels } from './labels.js';
import { keyOf, type Labels, type PlacedManifest } from './manifest.js';
import { planStep } from './plan-step.js';
import { readManifests } from './read-manifests.js';
import type { Step } from './step.js';

export interface ApplyInput {
  /** Files, folders or `-`. */
  readonly files: readonly string[];
  readonly dryRun: boolean;
  readonly json: boolean;
  /** Labels of what is to go where no manifest names it. */
  readonly prune?: Labels;
  readonly yes: boolean;
}

/** Makes what the manifests say true; all of it is decided before the first change, so a dry run says the same. */
export async function runApply(client: Client, { files, dryRun, json, prune, yes }: ApplyInput): Promise<void> {
  const { context } = client;
  const manifests = await readManifests(context, files);
  const coming = new Set(manifests.map(({ kind, name }) => keyOf(kind, name)));
  const steps: Step[] = [];
  const labels = prune || manifests.some((manifest) => manifest.labels) ? await KnownLabels.read(client) : null;
  for (const manifest of manifests) {
    const step = await planStep(client, manifest, coming);
    steps.push(labels ? withLabels(client, step, manifest, labels) : step);
  }
  const pruned = prune && labels ? await pruning(client, labels.having(prune), manifests) : [];
  if (!dryRun) await confirmDeletions(context, pruned, yes);
  const lastTemplate = steps.findLastIndex(({ kind }) => kind === 'Template');
  const done: Done[] = [];
  try {
    for (const [index, step] of [...steps, ...pruned].entries()) {
      if (!dryRun) await step.deed();
      if (!dryRun && index === lastTemplate) for (const { later } of steps) await later?.();
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

type Done = Pick<Step, 'kind' | 'name' | 'changes'> & { readonly outcome: Step['outcome'] | 'deleted' };

/** What has the labels, is there and is named by no manifest. */
async function pruning(client: Client, labelled: readonly Named[], manifests: readonly PlacedManifest[]) {
  const kept = new Set(manifests.map((manifest) => namedKey(namedBy(manifest))));
  const found = [];
  for (const named of labelled) {
    if (kept.has(namedKey(named))) continue;
    const deletion = await planDeletion(client, named);
    const { kind, name, outcome } = deletion;
    if (outcome === 'deleted') found.push({ kind, name, outcome, changes: [], deed: () => deletion.deed() });
  }
  return found;
}

function lineOf({ kind, name, outcome, changes }: Done): string {
  return `${outcome.padEnd(9)}  ${kind}/${name}${changes.length === 0 ? '' : ` (${changes.join(', ')})`}`;
}
