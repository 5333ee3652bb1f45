import type { Command } from 'commander';
import { answer } from '../api/api.js';
import { confirmByName } from '../client/ask.js';
import { clientCommand, namingChange } from '../client/client-command.js';
import { openClient, type Client } from '../client/open-client.js';
import type { CommandContext } from '../command-context.js';
import { withExample } from '../example.js';
import { printJson, printTable } from '../output.js';
import { allGroups, calledFor } from '../people/find-people.js';
import { addLimitOptions, type LimitOptions } from '../people/limit-options.js';

interface JsonOption {
  readonly json?: boolean;
}

interface GroupOptions extends LimitOptions, JsonOption {
  readonly description?: string;
}

/** `knot groups ...` */
export function registerGroups(program: Command, context: CommandContext): void {
  const group = program
    .command('groups')
    .alias('group')
    .description('groups of users, with quotas and templates; `knot users change --group` puts people in');
  withExample(group, 'knot groups create compilers --max-running 5');
  const list = clientCommand(group, 'list', { help: 'list groups', examples: ['knot groups list'] }).alias('ls');
  list.action(() => runGroupsList(openClient(context, list), list.opts<JsonOption>()));
  const create = clientCommand(group, 'create', {
    help: 'create a group; its quotas are added to those of its members',
    examples: ['knot groups create compilers --max-running 5'],
  });
  addGroupOptions(create)
    .argument('<name>')
    .action((name: string) => runGroupsCreate(openClient(context, create), name, create.opts<GroupOptions>()));
  const change = namingChange(
    clientCommand(group, 'change', {
      help: 'change a group; what is not named stays',
      examples: ['knot groups change compilers --max-running 8'],
    }),
  );
  addGroupOptions(change)
    .argument('<group>', 'its name or id')
    .option('--name <name>', 'a new name')
    .action((name: string) =>
      runGroupsChange(openClient(context, change), name, change.opts<GroupOptions & { name?: string }>()),
    );
  registerDelete(group, context);
}

function addGroupOptions(command: Command): Command {
  return addLimitOptions(command, 'nothing is added').option('--description <text>', 'what it is for');
}

function registerDelete(group: Command, context: CommandContext): void {
  const command = clientCommand(group, 'delete', {
    help: 'delete a group that nobody is in; asks for the name',
    examples: ['knot groups delete compilers'],
  }).alias('rm');
  command
    .argument('<group>', 'its name or id')
    .option('--yes', 'do not ask')
    .action((name: string) =>
      runGroupsDelete(openClient(context, command), name, command.opts<{ yes?: boolean } & JsonOption>()),
    );
}

export async function runGroupsList(client: Client, { json }: JsonOption): Promise<void> {
  const groups = await allGroups(client);
  if (json) return printJson(client.context.stdout, groups);
  const rows = groups.map(
    ({ name, members, templates, maxSpaces, maxRunning, computeUnits, storageUnits, description }) => [
      name,
      ...[members, templates, maxSpaces, maxRunning, computeUnits, storageUnits].map(String),
      description,
    ],
  );
  const titles = ['name', 'members', 'templates', 'spaces', 'running', 'compute', 'storage', 'description'];
  printTable(client.context.stdout, titles, rows);
}

export async function runGroupsCreate(
  { api, context }: Client,
  name: string,
  { json, description, ...limits }: GroupOptions,
): Promise<void> {
  const body = { name, description, ...limitsOf(limits) };
  const made = await answer(api.POST('/api/v1/groups', { body }));
  if (json) printJson(context.stdout, made);
  else context.stdout.write(`${made.name} created\n`);
}

export async function runGroupsChange(
  client: Client,
  wanted: string,
  { json, name, description, ...limits }: GroupOptions & { readonly name?: string },
): Promise<void> {
  const { id, version } = calledFor(await allGroups(client), wanted, 'group');
  const params = { path: { id }, header: { 'If-Match': `"${version}"` } };
  const body = { name, description, ...limitsOf(limits) };
  const changed = await answer(client.api.PATCH('/api/v1/groups/{id}', { params, body }));
  if (json) printJson(client.context.stdout, changed);
  else client.context.stdout.write(`${changed.name} changed\n`);
}

export async function runGroupsDelete(
  client: Client,
  wanted: string,
  { yes, json }: { readonly yes?: boolean } & JsonOption,
): Promise<void> {
  const { api, context } = client;
  const { id, name } = calledFor(await allGroups(client), wanted, 'group');
  await confirmByName(context, { name, what: `This deletes the group ${name}`, yes: yes === true });
  await api.DELETE('/api/v1/groups/{id}', { params: { path: { id }, query: { confirm: name } } });
  if (json) printJson(context.stdout, { deleted: name });
  else context.stdout.write(`${name} deleted\n`);
}

/** What belongs into a body: the options also hold the flags of the connection. */
function limitsOf({ maxSpaces, maxRunning, computeUnits, storageUnits }: LimitOptions): LimitOptions {
  return { maxSpaces, maxRunning, computeUnits, storageUnits };
}
