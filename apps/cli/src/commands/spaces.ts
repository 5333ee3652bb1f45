import { Argument, Option, type Command } from 'commander';
import { PHASES, PORT_SHARES, SHELLS, START_PHASES, type PortShare } from '@knot/domain';
import { allPages, answer } from '../api/api.js';
import type { Space } from '../api/schemas.js';
import { clientCommand, namingChange } from '../client/client-command.js';
import { openClient, type Client } from '../client/open-client.js';
import type { CommandContext } from '../command-context.js';
import { withExample } from '../example.js';
import { parsePort, timeoutOption } from '../options.js';
import { printJson } from '../output.js';
import { findSpace } from '../spaces/find-space.js';
import {
  runSpacesChange,
  runSpacesCreate,
  runSpacesDelete,
  runSpacesOffer,
  runSpacesSharePort,
  runSpacesWish,
  type SpaceOffer,
  type SpaceWish,
} from '../spaces/space-deeds.js';
import { tryTemplate } from '../spaces/try-template.js';
import { printSpace, printSpaces } from '../spaces/space-table.js';
import { watchSpaces } from '../spaces/watch-spaces.js';
import { findTemplate } from '../templates/find-template.js';

const UNTIL = [...PHASES, ...START_PHASES, 'Deleted'];
const WHICH = 'its name, owner/name, or id';
const WAIT_FOR = '5m';

interface WaitOptions {
  readonly wait?: boolean;
  readonly timeout: number;
  readonly json?: boolean;
}

/** `knot spaces ...` */
export function registerSpaces(program: Command, context: CommandContext): void {
  const group = program.command('spaces').alias('space').description('see and steer spaces');
  withExample(group, 'knot spaces start web --wait');
  registerList(group, context);
  registerShow(group, context);
  registerCreate(group, context);
  registerWish(group, context, 'start', 'start a space with its template and the values of now');
  registerWish(group, context, 'stop', 'stop a space; its volumes stay');
  registerWish(group, context, 'restart', 'start a running space anew, as it was started');
  registerWish(group, context, 'update', "bring a running space to its template's present version");
  registerChange(group, context);
  registerOffer(group, context, 'share', 'let somebody else see, start and enter a space, once they accept');
  registerOffer(group, context, 'transfer', 'give a space to a new owner, once they accept; it is stopped with it');
  registerSharePort(group, context);
  registerDelete(group, context);
  registerWatch(group, context);
  registerTry(group, context);
}

interface ListOptions {
  readonly phase?: Space['phase'];
  readonly owner?: string;
  readonly location?: string;
  readonly template?: string;
  readonly search?: string;
  readonly shared?: boolean;
  readonly json?: boolean;
}

function registerList(group: Command, context: CommandContext): void {
  const list = clientCommand(group, 'list', {
    help: "list spaces: your own, for administrators everybody's",
    examples: ['knot spaces list --phase Failed'],
  }).alias('ls');
  list
    .addOption(new Option('--phase <phase>', 'only those in it').choices(PHASES))
    .option('--owner <user>', '`me` or the id of a user')
    .option('--location <name>', 'only those at it')
    .option('--template <name>', 'only those made from it')
    .option('--search <text>', 'only those with it in their name')
    .option('--shared', 'those that others share with you')
    .action(() => runSpacesList(openClient(context, list), list.opts<ListOptions>()));
}

export async function runSpacesList(client: Client, options: ListOptions): Promise<void> {
  const { phase, owner, location, search: q, template } = options;
  const templateId = template === undefined ? undefined : (await findTemplate(client, template)).id;
  const shared = options.shared ? ('with-me' as const) : undefined;
  const query = { phase, owner, location, q, template: templateId, shared };
  const spaces = await allPages((cursor) =>
    answer(client.api.GET('/api/v1/spaces', { params: { query: { ...query, ...cursor } } })),
  );
  if (options.json) printJson(client.context.stdout, spaces);
  else printSpaces(client.context, spaces);
}

function registerShow(group: Command, context: CommandContext): void {
  const show = clientCommand(group, 'show', {
    help: 'show a space: phase and reason, conditions, the steps of its start, volumes, events',
    examples: ['knot spaces show web', 'knot spaces show ann/web --json'],
  });
  show
    .argument('<space>', WHICH)
    .action((name: string) => runSpacesShow(openClient(context, show), name, show.opts<{ json?: boolean }>()));
}

export async function runSpacesShow(client: Client, name: string, { json }: { json?: boolean }): Promise<void> {
  const { id } = await findSpace(client, name);
  const space = await answer(client.api.GET('/api/v1/spaces/{id}', { params: { path: { id } } }));
  if (json) printJson(client.context.stdout, space);
  else printSpace(client.context, space);
}

function addWaiting(command: Command): Command {
  return command
    .option('--wait', 'until it is done; fail when it fails')
    .addOption(timeoutOption('with --wait: how long', WAIT_FOR));
}

function waitingOf({ wait, timeout, json }: WaitOptions): { waitMs: number | undefined; json: boolean } {
  return { waitMs: wait ? timeout : undefined, json: json === true };
}

function registerCreate(group: Command, context: CommandContext): void {
  const create = clientCommand(group, 'create', {
    help: 'create a space from a template; --start starts it too',
    examples: ['knot spaces create web ubuntu --location berlin --start --wait'],
  });
  addWaiting(create)
    .argument('<name>', 'letters, digits and hyphens')
    .argument('<template>', 'name or id of the template')
    .option('--location <name>', 'where it is to run; a fitting one when left out')
    .option('--description <text>', 'for people')
    .addOption(shellOption())
    .option('--start', 'start it')
    .action((name: string, template: string) => {
      const options = create.opts<WaitOptions & SpaceOptions & { location?: string; start?: boolean }>();
      const { location, description, shell, start } = options;
      // to wait for a space that nobody starts makes no sense
      const input = { name, template, location, description, shell, start: start === true || options.wait === true };
      return runSpacesCreate(openClient(context, create), { ...input, ...waitingOf(options) });
    });
}

function registerWish(group: Command, context: CommandContext, wish: SpaceWish, help: string): void {
  const command = clientCommand(group, wish, { help, examples: [`knot spaces ${wish} web --wait --timeout 2m`] });
  addWaiting(command)
    .argument('<space>', WHICH)
    .action((name: string) =>
      runSpacesWish(openClient(context, command), { name, wish, ...waitingOf(command.opts<WaitOptions>()) }),
    );
}

function registerChange(group: Command, context: CommandContext): void {
  const change = namingChange(
    clientCommand(group, 'change', {
      help: 'change name, description or shell; a running space is not touched',
      examples: ['knot spaces change web --description "for the demo"', 'knot spaces change web --shell zsh'],
    }),
  );
  change
    .argument('<space>', WHICH)
    .option('--name <name>', 'its new name')
    .option('--description <text>', 'its new description')
    .addOption(shellOption())
    .action((space: string) => {
      const { name, description, shell, json } = change.opts<SpaceOptions & { name?: string; json?: boolean }>();
      return runSpacesChange(openClient(context, change), { space, name, description, shell, json: json === true });
    });
}

interface SpaceOptions {
  readonly description?: string;
  readonly shell?: string;
}

function shellOption(): Option {
  const help = 'of terminals and SSH, where its image has it; "" as the image says';
  return new Option('--shell <name>', help).choices(['', ...SHELLS]);
}

function registerOffer(group: Command, context: CommandContext, deed: SpaceOffer, help: string): void {
  const command = clientCommand(group, deed, { help, examples: [`knot spaces ${deed} web joe`] });
  command
    .argument('<space>', WHICH)
    .argument('<user>', 'user name of who is to have it')
    .action((space: string, user: string) => {
      const json = command.opts<{ json?: boolean }>().json === true;
      return runSpacesOffer(openClient(context, command), { space, user, deed, json });
    });
}

function registerSharePort(group: Command, context: CommandContext): void {
  const command = clientCommand(group, 'share-port', {
    help: 'say with whom a web port is shared, beside those who may enter the space',
    examples: [
      'knot spaces share-port web 8080 users',
      'knot spaces share-port web shop public',
      'knot spaces share-port web 8080 default',
    ],
  });
  command
    .argument('<space>', WHICH)
    .argument('<port>', 'its number or its name', (text) => (/^\d+$/.test(text) ? String(parsePort(text)) : text))
    .addArgument(
      new Argument('<with>', 'owner: nobody else; default: as template and location say').choices([
        ...PORT_SHARES,
        'default',
      ]),
    )
    .action((space: string, port: string, share: PortShare | 'default') => {
      const json = command.opts<{ json?: boolean }>().json === true;
      return runSpacesSharePort(openClient(context, command), { space, port, share, json });
    });
}

function registerDelete(group: Command, context: CommandContext): void {
  const command = clientCommand(group, 'delete', {
    help: 'delete a space with its volumes; asks for its name',
    examples: ['knot spaces delete web', 'knot spaces delete web --yes --wait'],
  });
  addWaiting(command.alias('rm'))
    .argument('<space>', WHICH)
    .option('--yes', 'do not ask')
    .action((name: string) => {
      const options = command.opts<WaitOptions & { yes?: boolean }>();
      const input = { name, yes: options.yes === true, ...waitingOf(options) };
      return runSpacesDelete(openClient(context, command), input);
    });
}

function registerWatch(group: Command, context: CommandContext): void {
  const watch = clientCommand(group, 'watch', {
    help: 'print a line for each change of a space, or of all',
    examples: ['knot spaces watch web --until Running --timeout 2m'],
  });
  watch
    .addArgument(new Argument('[space]', 'a space; all that you may see when left out'))
    .addOption(
      new Option('--until <phase>', 'end once it is in this phase, or its start has come this far').choices(UNTIL),
    )
    .addOption(timeoutOption('give up after this time, with exit code 5'))
    .action((name: string | undefined) => {
      const { until, timeout, json } = watch.opts<{ until?: string; timeout?: number; json?: boolean }>();
      return watchSpaces(openClient(context, watch), { name, until, timeoutMs: timeout, json: json === true });
    });
}

function registerTry(group: Command, context: CommandContext): void {
  const attempt = clientCommand(group, 'try', {
    help: 'make a space of a template, start it, enter it, and delete it again: does all of it work?',
    examples: ['knot spaces try ubuntu --location berlin', 'knot spaces try ubuntu --no-enter'],
  });
  attempt
    .argument('<template>', 'name or id of the template')
    .option('--location <name>', 'where; a fitting one when left out')
    .option('--no-enter', 'its image has no agent')
    .addOption(timeoutOption('how long each step may take', WAIT_FOR))
    .action((template: string) => {
      const options = attempt.opts<{ location?: string; enter: boolean; timeout: number; json?: boolean }>();
      const { location, enter, timeout, json = false } = options;
      return tryTemplate(openClient(context, attempt), { template, location, enter, timeoutMs: timeout, json });
    });
}
