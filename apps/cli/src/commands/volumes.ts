import { Option, type Command } from 'commander';
import { PLATFORMS } from '@knot/domain';
import { allPages, answer } from '../api/api.js';
import type { Volume } from '../api/schemas.js';
import { confirmByName } from '../client/ask.js';
import { clientCommand } from '../client/client-command.js';
import { openClient, type Client } from '../client/open-client.js';
import type { CommandContext } from '../command-context.js';
import { withExample } from '../example.js';
import { printFacts, printJson, printSection, printTable } from '../output.js';
import { readText } from '../read-text.js';
import { ago } from '../times.js';
import { findVolume } from '../volumes/find-volume.js';

const WHICH = 'its name or id';

interface JsonOption {
  readonly json?: boolean;
}

/** `knot volumes ...` */
export function registerVolumes(program: Command, context: CommandContext): void {
  const group = program.command('volumes').alias('volume').description('volumes that stand on their own');
  withExample(group, 'knot volumes create cache --platform nomad --location berlin --definition cache.yaml');
  registerList(group, context);
  registerShow(group, context);
  registerCreate(group, context);
  registerMake(group, context);
  registerDestroy(group, context);
  registerDelete(group, context);
}

interface ListOptions extends JsonOption {
  readonly location?: string;
  readonly search?: string;
}

function registerList(group: Command, context: CommandContext): void {
  const list = clientCommand(group, 'list', { help: 'list volumes', examples: ['knot volumes list'] }).alias('ls');
  list
    .option('--location <name>', 'only those of it')
    .option('--search <text>', 'only those with it in their name')
    .action(() => runVolumesList(openClient(context, list), list.opts<ListOptions>()));
}

export async function runVolumesList(client: Client, { location, search: q, json }: ListOptions): Promise<void> {
  const volumes = await allPages((cursor) =>
    answer(client.api.GET('/api/v1/volumes', { params: { query: { location, q, ...cursor } } })),
  );
  if (json) return printJson(client.context.stdout, volumes);
  const rows = volumes.map(({ name, platform, location: at, want, state }) => [name, platform, at, want, state || '-']);
  printTable(client.context.stdout, ['name', 'platform', 'location', 'want', 'state'], rows);
}

function registerShow(group: Command, context: CommandContext): void {
  const show = clientCommand(group, 'show', { help: 'show a volume', examples: ['knot volumes show cache'] });
  show
    .argument('<volume>', WHICH)
    .action((name: string) => runVolumesShow(openClient(context, show), name, show.opts<JsonOption>()));
}

export async function runVolumesShow(client: Client, wanted: string, { json }: JsonOption): Promise<void> {
  const { stdout, clock } = client.context;
  const volume = await findVolume(client, wanted);
  if (json) return printJson(stdout, volume);
  const { name, id, platform, location, want, state, asOf, definition } = volume;
  printFacts(stdout, [
    ['Name', name],
    ['Id', id],
    ['Platform', platform],
    ['Location', location],
    ['Wanted', want],
    ['State', state === '' ? '' : `${state}, as of ${ago(asOf, clock.now())}`],
  ]);
  const rows = volume.conditions.map(({ type, status, reason, message }) => [type, status, reason, message]);
  printSection(stdout, 'Conditions', ['type', 'status', 'reason', 'message'], rows);
  stdout.write(`\nDefinition:\n${definition.replace(/\n*$/, '\n').replace(/^(?=.)/gm, '  ')}`);
}

interface CreateOptions extends JsonOption {
  readonly platform: Volume['platform'];
  readonly location: string;
  readonly definition: string;
}

function registerCreate(group: Command, context: CommandContext): void {
  const create = clientCommand(group, 'create', {
    help: 'define a volume; `knot volumes make` makes it',
    examples: ['knot volumes create cache --platform nomad --location berlin --definition cache.yaml'],
  });
  create
    .argument('<name>')
    .addOption(new Option('--platform <platform>', 'whose volume it is').choices(PLATFORMS).makeOptionMandatory())
    .requiredOption('--location <name>', 'where it is')
    .requiredOption('--definition <file>', 'YAML with exactly one volume: a file, or - for standard input')
    .action((name: string) => runVolumesCreate(openClient(context, create), name, create.opts<CreateOptions>()));
}

export async function runVolumesCreate(client: Client, name: string, options: CreateOptions): Promise<void> {
  const { platform, location } = options;
  const definition = await readText(client.context, options.definition);
  const body = { name, platform, location, definition };
  tell(client, await answer(client.api.POST('/api/v1/volumes', { body })), 'defined', options);
}

function registerMake(group: Command, context: CommandContext): void {
  const make = clientCommand(group, 'make', {
    help: 'have a defined volume made at its location',
    examples: ['knot volumes make cache'],
  });
  make
    .argument('<volume>', WHICH)
    .action((name: string) => runVolumesMake(openClient(context, make), name, make.opts<JsonOption>()));
}

export async function runVolumesMake(client: Client, wanted: string, options: JsonOption): Promise<void> {
  const { id, version } = await findVolume(client, wanted);
  const params = { path: { id }, header: { 'If-Match': `"${version}"` } };
  const volume = await answer(client.api.PATCH('/api/v1/volumes/{id}', { params, body: { want: 'present' } }));
  tell(client, volume, 'is to be made', options);
}

interface SureOptions extends JsonOption {
  readonly yes?: boolean;
}

function registerDestroy(group: Command, context: CommandContext): void {
  const destroy = clientCommand(group, 'destroy', {
    help: 'destroy a volume with its data and keep its definition; asks for its name',
    examples: ['knot volumes destroy cache'],
  });
  destroy
    .argument('<volume>', WHICH)
    .option('--yes', 'do not ask')
    .action((name: string) => runVolumesDestroy(openClient(context, destroy), name, destroy.opts<SureOptions>()));
}

export async function runVolumesDestroy(client: Client, wanted: string, options: SureOptions): Promise<void> {
  const { id, name, version } = await findVolume(client, wanted);
  const what = `This destroys the data of the volume ${name}`;
  await confirmByName(client.context, { name, what, yes: options.yes === true });
  const params = { path: { id }, header: { 'If-Match': `"${version}"` } };
  const body = { want: 'absent', confirm: name } as const;
  tell(client, await answer(client.api.PATCH('/api/v1/volumes/{id}', { params, body })), 'is to be destroyed', options);
}

function registerDelete(group: Command, context: CommandContext): void {
  const command = clientCommand(group, 'delete', {
    help: 'delete a volume with its data and its definition; asks for its name',
    examples: ['knot volumes delete cache'],
  }).alias('rm');
  command
    .argument('<volume>', WHICH)
    .option('--yes', 'do not ask')
    .action((name: string) => runVolumesDelete(openClient(context, command), name, command.opts<SureOptions>()));
}

export async function runVolumesDelete(client: Client, wanted: string, { yes, json }: SureOptions): Promise<void> {
  const { id, name } = await findVolume(client, wanted);
  const what = `This deletes the volume ${name} with its data`;
  await confirmByName(client.context, { name, what, yes: yes === true });
  const params = { path: { id }, query: { confirm: name } };
  const operation = await answer(client.api.DELETE('/api/v1/volumes/{id}', { params }));
  if (json) printJson(client.context.stdout, operation);
  else client.context.stdout.write(`${name} is to be deleted\n`);
}

function tell({ context }: Client, volume: Volume, what: string, { json }: JsonOption): void {
  if (json) printJson(context.stdout, volume);
  else context.stdout.write(`${volume.name} ${what}\n`);
}
