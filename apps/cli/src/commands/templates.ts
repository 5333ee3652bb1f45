import { Option, type Command } from 'commander';
import { PLATFORMS } from '@knot/domain';
import { allPages, answer } from '../api/api.js';
import type { Template } from '../api/schemas.js';
import { clientCommand } from '../client/client-command.js';
import { openClient, type Client } from '../client/open-client.js';
import type { CommandContext } from '../command-context.js';
import { withExample } from '../example.js';
import { collect, wholeNumber } from '../options.js';
import { printJson } from '../output.js';
import { runTemplatesDiff } from '../templates/diff-versions.js';
import { findTemplate } from '../templates/find-template.js';
import {
  RESTARTS,
  runTemplatesCreate,
  runTemplatesDelete,
  runTemplatesRollBack,
  runTemplatesUpdate,
  type TemplateOptions,
} from '../templates/template-deeds.js';
import { runTemplatesImpact, type ImpactOptions } from '../templates/impact.js';
import { runTemplatesImport, type ImportOptions } from '../templates/import-template.js';
import { runTemplatesQuick, type QuickOptions } from '../templates/quick-template.js';
import { runTemplatesRender, type RenderOptions } from '../templates/render-template.js';
import { runTemplatesRollOut, type RollOutOptions } from '../templates/roll-out.js';
import { printTemplate, printTemplates, printVersions } from '../templates/template-table.js';

const WHICH = 'its name or id';
const FILE = 'a file, or - for standard input';

/** `knot templates ...` */
export function registerTemplates(program: Command, context: CommandContext): void {
  const group = program.command('templates').alias('template').description('what spaces are made from');
  withExample(group, 'knot templates create ubuntu --platform nomad --job ubuntu.hcl --volumes ubuntu.yaml');
  registerList(group, context);
  registerShow(group, context);
  registerCreate(group, context);
  registerQuick(group, context);
  registerUpdate(group, context);
  registerImport(group, context);
  registerDelete(group, context);
  registerVersions(group, context);
  registerDiff(group, context);
  registerRollBack(group, context);
  registerImpact(group, context);
  registerRollOut(group, context);
  registerRender(group, context);
}

interface ListOptions {
  readonly platform?: Template['platform'];
  readonly search?: string;
  readonly json?: boolean;
}

function registerList(group: Command, context: CommandContext): void {
  const list = clientCommand(group, 'list', { help: 'list templates', examples: ['knot templates list'] }).alias('ls');
  list
    .addOption(new Option('--platform <platform>', 'only those for it').choices(PLATFORMS))
    .option('--search <text>', 'only those with it in their name')
    .action(() => runTemplatesList(openClient(context, list), list.opts<ListOptions>()));
}

export async function runTemplatesList(client: Client, { platform, search: q, json }: ListOptions): Promise<void> {
  const templates = await allPages((cursor) =>
    answer(client.api.GET('/api/v1/templates', { params: { query: { platform, q, ...cursor } } })),
  );
  if (json) printJson(client.context.stdout, templates);
  else printTemplates(client.context, templates);
}

function registerShow(group: Command, context: CommandContext): void {
  const show = clientCommand(group, 'show', {
    help: 'show a template, for administrators with its texts',
    examples: ['knot templates show ubuntu', 'knot templates show ubuntu --number 3'],
  });
  show
    .argument('<template>', WHICH)
    .option('--number <version>', 'the texts of an earlier version', wholeNumber)
    .action((name: string) =>
      runTemplatesShow(openClient(context, show), name, show.opts<{ number?: number; json?: boolean }>()),
    );
}

export async function runTemplatesShow(
  client: Client,
  name: string,
  { number, json }: { number?: number; json?: boolean },
): Promise<void> {
  const { id } = await findTemplate(client, name);
  const { api, context } = client;
  const template = await answer(api.GET('/api/v1/templates/{id}', { params: { path: { id } } }));
  if (number === undefined) {
    if (json) printJson(context.stdout, template);
    else printTemplate(context, template, template);
    return;
  }
  const params = { path: { id, number } };
  const texts = await answer(api.GET('/api/v1/templates/{id}/versions/{number}', { params }));
  if (json) printJson(context.stdout, texts);
  else printTemplate(context, template, texts);
}

function addTexts(command: Command): Command {
  return command
    .option('--job <file>', `the job: ${FILE}`)
    .option('--volumes <file>', `the volumes: ${FILE}`)
    .option('--description <text>', 'for people')
    .addOption(new Option('--restart <when>', 'what to do when it ends by itself').choices(RESTARTS))
    .option('--exception <name>', 'from the policy of locations, as driver:raw_exec; repeatable', collect)
    .option('--port <port=name>', 'that its spaces offer, as 8080=Shop or 8443/https=Admin; repeatable', collect)
    .option('--share-port <port=with>', 'as 8080=users: web ports of its spaces; repeatable', collect)
    .option('--note <text>', 'what is new in this version');
}

function registerCreate(group: Command, context: CommandContext): void {
  const create = clientCommand(group, 'create', {
    help: 'create a template from files',
    examples: ['knot templates create ubuntu --platform nomad --job ubuntu.hcl --volumes ubuntu.yaml'],
  });
  addTexts(create)
    .argument('<name>')
    .addOption(new Option('--platform <platform>', 'what it runs on').choices(PLATFORMS).makeOptionMandatory())
    .action((name: string) =>
      runTemplatesCreate(
        openClient(context, create),
        name,
        create.opts<TemplateOptions & Pick<Template, 'platform'>>(),
      ),
    );
}

function registerQuick(group: Command, context: CommandContext): void {
  const quick = clientCommand(group, 'quick', {
    help: 'print a template for Kubernetes, made from a few words; --save creates it',
    examples: [
      'knot templates quick tools --image debian:bookworm --memory 4Gi --home 10Gi -- sleep infinity',
      'knot templates quick tools --image debian:bookworm --save',
    ],
  });
  quick
    .argument('<name>')
    .argument('[command...]', "what it runs, after --; the image's own when left out")
    .requiredOption('--image <image>', 'as debian:bookworm')
    .option('--env <name=value>', 'an environment variable; repeatable', (text, earlier: string[] = []) => [
      ...earlier,
      text,
    ])
    .option('--cpu <amount>', 'the most it may use, as 500m or 2')
    .option('--memory <amount>', 'the most it may use, as 4Gi')
    .option('--home <size>', 'what stays when it is stopped, as 10Gi')
    .option('--home-path <path>', 'where that is mounted', '/home')
    .option('--port <port=name>', 'that its spaces offer, as 8080=Shop; repeatable', collect)
    .option('--save', 'create it at the server')
    .action((name: string, command: string[]) =>
      runTemplatesQuick(context, () => openClient(context, quick), name, { ...quick.opts<QuickOptions>(), command }),
    );
}

function registerUpdate(group: Command, context: CommandContext): void {
  const update = clientCommand(group, 'update', {
    help: 'save a new version; running spaces stay as they are and are told that an update is there',
    examples: ['knot templates update ubuntu --job ubuntu.hcl --note "newer image"'],
  });
  addTexts(update)
    .argument('<template>', WHICH)
    .option('--name <name>', 'a new name')
    .action((wanted: string) =>
      runTemplatesUpdate(openClient(context, update), wanted, update.opts<TemplateOptions & { name?: string }>()),
    );
}

function registerDelete(group: Command, context: CommandContext): void {
  const command = clientCommand(group, 'delete', {
    help: 'delete a template that no space uses; asks for its name',
    examples: ['knot templates delete ubuntu'],
  }).alias('rm');
  command
    .argument('<template>', WHICH)
    .option('--yes', 'do not ask')
    .action((name: string) =>
      runTemplatesDelete(openClient(context, command), name, command.opts<{ yes?: boolean; json?: boolean }>()),
    );
}

function registerVersions(group: Command, context: CommandContext): void {
  const versions = clientCommand(group, 'versions', {
    help: 'list the versions of a template, newest first',
    examples: ['knot templates versions ubuntu'],
  });
  versions
    .argument('<template>', WHICH)
    .action((name: string) =>
      runTemplatesVersions(openClient(context, versions), name, versions.opts<{ json?: boolean }>()),
    );
}

export async function runTemplatesVersions(client: Client, name: string, { json }: { json?: boolean }): Promise<void> {
  const { id } = await findTemplate(client, name);
  const versions = await allPages((cursor) =>
    answer(client.api.GET('/api/v1/templates/{id}/versions', { params: { path: { id }, query: cursor } })),
  );
  if (json) printJson(client.context.stdout, versions);
  else printVersions(client.context, versions);
}

function registerDiff(group: Command, context: CommandContext): void {
  const diff = clientCommand(group, 'diff', {
    help: 'show what differs from one version of a template to another',
    examples: ['knot templates diff ubuntu 2', 'knot templates diff ubuntu 2 4'],
  });
  diff
    .argument('<template>', WHICH)
    .argument('<from>', 'a version', wholeNumber)
    .argument('[to]', 'another one; the present one when left out', wholeNumber)
    .action((name: string, from: number, to: number | undefined) =>
      runTemplatesDiff(openClient(context, diff), name, { from, to, ...diff.opts<{ json?: boolean }>() }),
    );
}

function registerRollBack(group: Command, context: CommandContext): void {
  const rollBack = clientCommand(group, 'roll-back', {
    help: 'save a new version that equals an older one; running spaces stay as they are',
    examples: ['knot templates roll-back ubuntu 2', 'knot templates rollback ubuntu 2 --note "the new image is slow"'],
  }).alias('rollback');
  rollBack
    .argument('<template>', WHICH)
    .argument('<version>', 'the version to go back to', wholeNumber)
    .option('--note <text>', 'why; `back to version N` when left out')
    .action((name: string, number: number) =>
      runTemplatesRollBack(
        openClient(context, rollBack),
        name,
        number,
        rollBack.opts<{ note?: string; json?: boolean }>(),
      ),
    );
}

function registerImport(group: Command, context: CommandContext): void {
  const command = clientCommand(group, 'import', {
    help: 'take over a template that the existing Go program of this name has exported',
    examples: ['knot templates import ubuntu.json --dry-run', 'knot templates import ubuntu.json'],
  });
  command
    .argument('<file>', 'JSON, or - for standard input')
    .option('--timezone <name>', "of its schedule; this machine's when left out")
    .option('--dry-run', 'say what would be done, and do nothing')
    .action((file: string) => runTemplatesImport(openClient(context, command), file, command.opts<ImportOptions>()));
}

function registerImpact(group: Command, context: CommandContext): void {
  const impact = clientCommand(group, 'impact', {
    help: 'show what a version would do to each space of another one, and change nothing',
    examples: ['knot templates impact ubuntu', 'knot templates impact ubuntu 3 --location berlin'],
  });
  impact
    .argument('<template>', WHICH)
    .argument('[version]', 'the present one when left out', wholeNumber)
    .option('--location <name>', 'only the spaces at it')
    .action((name: string, number: number | undefined) =>
      runTemplatesImpact(openClient(context, impact), name, number, impact.opts<ImpactOptions>()),
    );
}

function registerRollOut(group: Command, context: CommandContext): void {
  const rollOut = clientCommand(group, 'roll-out', {
    help: 'list the spaces that are behind the present version, ask, and bring it to those that run',
    examples: ['knot templates roll-out ubuntu --dry-run', 'knot templates roll-out ubuntu --first 10% --wait'],
  });
  rollOut
    .argument('<template>', WHICH)
    .option('--location <name>', 'only the spaces at it')
    .option('--space <space>', 'only this one, by name, owner/name or id; repeatable', collect)
    .option('--first <which>', 'a stage of its own before the rest: 10%, a number of spaces, or a location')
    .option('--at-next-stop', 'each space takes it when it next stops, restarts or is closed by its schedule')
    .option('--at-once <spaces>', 'how many update at a time; 10 when left out', wholeNumber)
    .option('--limit <percent>', 'of failures, beyond which it is held; 10 when left out', wholeNumber)
    .option('--list', 'only list them')
    .option('--dry-run', 'only show what it would do to each')
    .option('--wait', 'follow it to its end; fails where it is held')
    .option('--yes', 'do not ask')
    .action((name: string) => runTemplatesRollOut(openClient(context, rollOut), name, rollOut.opts<RollOutOptions>()));
}

function registerRender(group: Command, context: CommandContext): void {
  const render = clientCommand(group, 'render', {
    help: 'render a template for a made-up space; with --job or --volumes, texts that are not saved yet',
    examples: ['knot templates render ubuntu --location berlin --job ubuntu.hcl'],
  });
  render
    .argument('<template>', WHICH)
    .option('--location <name>', "whose variables to use; the origin's own when left out")
    .option('--job <file>', `instead of the saved one: ${FILE}`)
    .option('--volumes <file>', `instead of the saved ones: ${FILE}`)
    .action((name: string) => runTemplatesRender(openClient(context, render), name, render.opts<RenderOptions>()));
}
