import { labelsProblem } from '@knot/domain';
import { KnotError } from '@knot/shared/errors';
import { Argument, InvalidArgumentError, Option, type Command } from 'commander';
import { clientCommand } from '../client/client-command.js';
import { openClient, type Client } from '../client/open-client.js';
import type { CommandContext } from '../command-context.js';
import { runApply } from '../manifests/apply-manifests.js';
import { runDiff } from '../manifests/diff-manifests.js';
import { runDelete } from '../manifests/delete-manifests.js';
import { exportManifests, inOrder, manifestsAsYaml } from '../manifests/export-manifests.js';
import { KINDS, type Kind, type Labels } from '../manifests/manifest.js';
import { printJson } from '../output.js';

const MANIFEST_HELP = `
A manifest has kind (${KINDS.join(', ')}), name, spec and, if you like, labels; a file holds one or several:

  kind: Variable
  name: registry
  spec: { value: ghcr.io/acme }
  ---
  kind: Space
  name: web
  spec: { template: ubuntu, location: berlin, want: running }

\`knot get template -o yaml\` prints those that are there.`;

/** `knot apply`, `knot diff`, `knot get` and `knot delete` */
export function registerApply(program: Command, context: CommandContext): void {
  const apply = clientCommand(program, 'apply', {
    help: 'make what YAML files say true; what is so already is left alone',
    examples: ['knot apply -f templates/ --dry-run', 'knot get templates -o yaml | knot apply -f -'],
  });
  apply
    .requiredOption('-f, --file <name>', 'a file, a folder, or - for standard input; repeatable', repeat)
    .option('--dry-run', 'say what would be done, and do nothing')
    .option('--prune', 'delete what has the labels of --label and is in none of the files')
    .option('-l, --label <key=value>', 'for --prune; repeatable, all of them count', repeat)
    .option('--yes', 'do not ask before something is deleted')
    .addHelpText('after', MANIFEST_HELP)
    .action(() => {
      const { file, dryRun, json, prune, label = [], yes } = apply.opts<ApplyOptions>();
      const labels = prune || label.length > 0 ? parseLabels(label, prune === true) : undefined;
      const flags = { dryRun: dryRun === true, json: json === true, yes: yes === true };
      const input = { files: file, ...flags, ...(labels && { prune: labels }) };
      return runApply(openClient(context, apply), input);
    });
  const diff = clientCommand(program, 'diff', {
    help: 'show what an apply would change, and change nothing',
    examples: ['knot diff -f templates/'],
  });
  diff
    .requiredOption('-f, --file <name>', 'a file, a folder, or - for standard input; repeatable', repeat)
    .action(() => {
      const { file, json } = diff.opts<{ file: string[]; json?: boolean }>();
      return runDiff(openClient(context, diff), file, json === true);
    });
  registerGet(program, context);
  registerDelete(program, context);
}

interface ApplyOptions {
  readonly file: string[];
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly prune?: boolean;
  readonly label?: readonly string[];
  readonly yes?: boolean;
}

/** Without a label everything that somebody has labelled would go. */
function parseLabels(given: readonly string[], prune: boolean): Labels {
  if (!prune || given.length === 0) {
    throw new KnotError('input.invalid', '--prune and --label go together', 'As in --prune --label team=compilers.');
  }
  const labels: Record<string, string> = {};
  for (const text of given) {
    const [key = '', value = ''] = text.split('=', 2);
    labels[key] = value;
  }
  const problem = given.every((text) => text.includes('=')) ? labelsProblem(labels) : 'a label has the form key=value';
  if (problem !== null) throw new KnotError('input.invalid', `--label: ${problem}`);
  return labels;
}

const repeat = (text: string, earlier: readonly string[] | undefined): string[] => [...(earlier ?? []), text];

function registerGet(program: Command, context: CommandContext): void {
  const get = clientCommand(program, 'get', {
    help: 'print what is there as `knot apply` takes it',
    examples: ['knot get templates -o yaml > templates.yaml', 'knot get space web'],
  });
  get
    .addArgument(new Argument('<kind>', KINDS.map((kind) => kind.toLowerCase()).join(', ')).argParser(parseKind))
    .argument('[name]', 'only this one')
    .addOption(new Option('-o, --output <form>', 'how').choices(['yaml', 'json']).default('yaml'))
    .action((kind: Kind, name: string | undefined) => {
      const { output, json } = get.opts<{ output: string; json?: boolean }>();
      return runGet(openClient(context, get), { kind, name, json: json === true || output === 'json' });
    });
}

function registerDelete(program: Command, context: CommandContext): void {
  const command = clientCommand(program, 'delete', {
    help: 'delete what YAML files name; a user or a template that spaces are left of is refused',
    examples: ['knot delete -f team.yaml --dry-run', 'knot delete -f team.yaml'],
  });
  command
    .requiredOption('-f, --file <name>', 'a file, a folder, or - for standard input; repeatable', repeat)
    .option('--dry-run', 'say what would go, and do nothing')
    .option('--yes', 'do not ask')
    .action(() => {
      const { file, dryRun, yes, json } = command.opts<{
        file: string[];
        dryRun?: boolean;
        yes?: boolean;
        json?: boolean;
      }>();
      const input = { files: file, dryRun: dryRun === true, yes: yes === true, json: json === true };
      return runDelete(openClient(context, command), input);
    });
}

function parseKind(text: string): Kind {
  const wanted = text.toLowerCase().replace(/s$/, '');
  const kind = KINDS.find((one) => one.toLowerCase() === wanted);
  if (kind === undefined) throw new InvalidArgumentError(`It is one of ${KINDS.join(', ')}.`);
  return kind;
}

export async function runGet(
  client: Client,
  { kind, name, json }: { readonly kind: Kind; readonly name: string | undefined; readonly json: boolean },
): Promise<void> {
  const manifests = await exportManifests(client, kind, name);
  if (json) printJson(client.context.stdout, manifests.map(inOrder));
  else client.context.stdout.write(manifestsAsYaml(manifests));
}
