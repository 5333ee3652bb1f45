import { Option, type Command } from 'commander';
import { answer } from '../api/api.js';
import { confirmByName } from '../client/ask.js';
import { clientCommand, namingChange } from '../client/client-command.js';
import { openClient, type Client } from '../client/open-client.js';
import type { CommandContext } from '../command-context.js';
import { withExample } from '../example.js';
import { collect } from '../options.js';
import { printJson, printTable } from '../output.js';
import { allRoles, calledFor } from '../people/find-people.js';
import { parsePermissions } from '../people/parse-permissions.js';

interface JsonOption {
  readonly json?: boolean;
}

interface RoleOptions extends JsonOption {
  readonly description?: string;
  readonly permission?: readonly string[];
}

/** `knot roles ...` */
export function registerRoles(program: Command, context: CommandContext): void {
  const group = program.command('roles').alias('role').description('what people may do');
  withExample(group, 'knot roles create auditor --permission audit.see,users.see');
  const list = clientCommand(group, 'list', { help: 'list roles', examples: ['knot roles list'] }).alias('ls');
  list.action(() => runRolesList(openClient(context, list), list.opts<JsonOption>()));
  const permissions = clientCommand(group, 'permissions', {
    help: 'list everything that a role can allow',
    examples: ['knot roles permissions'],
  });
  permissions.action(() => runPermissions(openClient(context, permissions), permissions.opts<JsonOption>()));
  const create = clientCommand(group, 'create', {
    help: 'create a role',
    examples: ['knot roles create auditor --permission audit.see,users.see'],
  });
  addRoleOptions(create)
    .argument('<name>')
    .action((name: string) => runRolesCreate(openClient(context, create), name, create.opts<RoleOptions>()));
  const change = namingChange(
    clientCommand(group, 'change', {
      help: 'change a role; it counts at once for everybody who has it',
      examples: ['knot roles change auditor --permission audit.see'],
    }),
  );
  addRoleOptions(change)
    .argument('<role>', 'its name or id')
    .option('--name <name>', 'a new name')
    .action((name: string) =>
      runRolesChange(openClient(context, change), name, change.opts<RoleOptions & { name?: string }>()),
    );
  registerDelete(group, context);
}

function addRoleOptions(command: Command): Command {
  return command
    .option('--description <text>', 'what it is for')
    .addOption(
      new Option('--permission <names>', 'what it allows, all of it; several with commas, or repeated').argParser(
        collect,
      ),
    );
}

function registerDelete(group: Command, context: CommandContext): void {
  const command = clientCommand(group, 'delete', {
    help: 'delete a role that nobody has; asks for the name',
    examples: ['knot roles delete auditor'],
  }).alias('rm');
  command
    .argument('<role>', 'its name or id')
    .option('--yes', 'do not ask')
    .action((name: string) =>
      runRolesDelete(openClient(context, command), name, command.opts<{ yes?: boolean } & JsonOption>()),
    );
}

export async function runRolesList(client: Client, { json }: JsonOption): Promise<void> {
  const roles = await allRoles(client);
  if (json) return printJson(client.context.stdout, roles);
  const rows = roles.map(({ name, members, permissions }) => [name, String(members), permissions.join(', ')]);
  printTable(client.context.stdout, ['name', 'members', 'permissions'], rows);
}

export async function runPermissions({ api, context }: Client, { json }: JsonOption): Promise<void> {
  const { items } = await answer(api.GET('/api/v1/permissions'));
  if (json) return printJson(context.stdout, items);
  printTable(
    context.stdout,
    ['permission', 'may'],
    items.map(({ name, description }) => [name, description]),
  );
}

export async function runRolesCreate(
  { api, context }: Client,
  name: string,
  { json, description, permission = [] }: RoleOptions,
): Promise<void> {
  const body = { name, description, permissions: parsePermissions(permission) };
  const made = await answer(api.POST('/api/v1/roles', { body }));
  if (json) printJson(context.stdout, made);
  else context.stdout.write(`${made.name} created\n`);
}

export async function runRolesChange(
  client: Client,
  wanted: string,
  { json, name, description, permission }: RoleOptions & { readonly name?: string },
): Promise<void> {
  const { id, version } = calledFor(await allRoles(client), wanted, 'role');
  const params = { path: { id }, header: { 'If-Match': `"${version}"` } };
  const body = { name, description, permissions: permission && parsePermissions(permission) };
  const changed = await answer(client.api.PATCH('/api/v1/roles/{id}', { params, body }));
  if (json) printJson(client.context.stdout, changed);
  else client.context.stdout.write(`${changed.name} changed\n`);
}

export async function runRolesDelete(
  client: Client,
  wanted: string,
  { yes, json }: { readonly yes?: boolean } & JsonOption,
): Promise<void> {
  const { api, context } = client;
  const { id, name } = calledFor(await allRoles(client), wanted, 'role');
  await confirmByName(context, { name, what: `This deletes the role ${name}`, yes: yes === true });
  await api.DELETE('/api/v1/roles/{id}', { params: { path: { id }, query: { confirm: name } } });
  if (json) printJson(context.stdout, { deleted: name });
  else context.stdout.write(`${name} deleted\n`);
}
