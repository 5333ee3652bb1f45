import { Option, type Command } from 'commander';
import { KnotError } from '@knot/shared/errors';
import { answer } from '../api/api.js';
import type { UserDeletion } from '../api/schemas.js';
import { askNewPassword, confirmByName } from '../client/ask.js';
import { clientCommand, namingChange } from '../client/client-command.js';
import { openClient, type Client } from '../client/open-client.js';
import type { CommandContext, TextSink } from '../command-context.js';
import { withExample } from '../example.js';
import { collect } from '../options.js';
import { printJson, printSection, printTable } from '../output.js';
import { allUsers, findUser } from '../people/find-people.js';
import { addLimitOptions, type LimitOptions } from '../people/limit-options.js';
import { membershipOf } from '../people/membership.js';

interface JsonOption {
  readonly json?: boolean;
}

/** `knot users ...` */
export function registerUsers(program: Command, context: CommandContext): void {
  const group = program.command('users').alias('user').description('who may use this knot');
  withExample(group, 'knot users create bob --email bob@example.com');
  const list = clientCommand(group, 'list', { help: 'list users', examples: ['knot users list'] }).alias('ls');
  list.action(() => runUsersList(openClient(context, list), list.opts<JsonOption>()));
  registerCreate(group, context);
  registerChange(group, context);
  registerDelete(group, context);
}

export async function runUsersList(client: Client, { json }: JsonOption): Promise<void> {
  const { context } = client;
  const users = await allUsers(client);
  if (json) return printJson(context.stdout, users);
  const rows = users.map(({ username, email, role, active, running, maxRunning, spaces }) => [
    username,
    email,
    role,
    active ? 'yes' : 'no',
    `${running} of ${maxRunning === 0 ? 'any' : maxRunning}`,
    String(spaces),
  ]);
  printTable(context.stdout, ['name', 'e-mail', 'role', 'active', 'running', 'spaces'], rows);
}

interface UserOptions extends LimitOptions, JsonOption {
  readonly email?: string;
  readonly role?: readonly string[];
  readonly group?: readonly string[];
  readonly timezone?: string;
}

function addUserOptions(command: Command): Command {
  return addLimitOptions(command, 'unlimited')
    .option('--role <names>', 'all their roles: administrator, user or those of `knot roles list`; repeatable', collect)
    .option('--group <names>', 'all their groups; repeatable, or with commas', collect)
    .option('--timezone <zone>', 'as Europe/Berlin');
}

function registerCreate(group: Command, context: CommandContext): void {
  const create = clientCommand(group, 'create', {
    help: 'create a user; the password is asked for, or comes from standard input',
    examples: ['knot users create bob --email bob@example.com --group compilers --role user,auditor --max-running 3'],
  });
  addUserOptions(create)
    .argument('<name>')
    .requiredOption('--email <address>', 'their e-mail address')
    .action((name: string) =>
      runUsersCreate(openClient(context, create), name, create.opts<UserOptions & { email: string }>()),
    );
}

export async function runUsersCreate(
  client: Client,
  username: string,
  { json, ...options }: UserOptions & { readonly email: string },
): Promise<void> {
  const { api, context } = client;
  const { email } = options;
  const common = await bodyOf(client, options);
  const password = await askNewPassword(context);
  const body = { ...common, username, email, password };
  const user = await answer(api.POST('/api/v1/users', { body }));
  if (json) printJson(context.stdout, user);
  else context.stdout.write(`${user.username} created\n`);
}

/** What making and changing have in common; the options also hold the flags of the connection. */
async function bodyOf(client: Client, options: UserOptions) {
  const { role, group, maxSpaces, maxRunning, computeUnits, storageUnits, timezone } = options;
  const limits = { maxSpaces, maxRunning, computeUnits, storageUnits };
  return { ...(await membershipOf(client, role, group)), ...limits, timezone };
}

interface ChangeOptions extends UserOptions {
  readonly activate?: boolean;
  readonly deactivate?: boolean;
  readonly password?: boolean;
}

function registerChange(group: Command, context: CommandContext): void {
  const change = namingChange(
    clientCommand(group, 'change', {
      help: 'change a user; deactivating stops their spaces and deletes nothing',
      examples: ['knot users change bob --max-running 5', 'knot users change bob --deactivate'],
    }),
  );
  addUserOptions(change)
    .argument('<user>', 'name, e-mail address or id')
    .option('--email <address>', 'a new e-mail address')
    .option('--password', 'a new password, asked for or from standard input; it ends their sessions and tokens')
    .addOption(new Option('--activate', 'let them in again').conflicts('deactivate'))
    .option('--deactivate', 'stop their spaces and let them in no more')
    .action((name: string) => runUsersChange(openClient(context, change), name, change.opts<ChangeOptions>()));
}

export async function runUsersChange(client: Client, wanted: string, options: ChangeOptions): Promise<void> {
  const { api, context } = client;
  const { email, json } = options;
  const { id, version } = await findUser(client, wanted);
  const active = options.activate ? true : options.deactivate ? false : undefined;
  const password = options.password ? await askNewPassword(context) : undefined;
  const params = { path: { id }, header: { 'If-Match': `"${version}"` } };
  const body = { ...(await bodyOf(client, options)), email, active, password };
  const user = await answer(api.PATCH('/api/v1/users/{id}', { params, body }));
  if (json) printJson(context.stdout, user);
  else context.stdout.write(`${user.username} changed\n`);
}

function registerDelete(group: Command, context: CommandContext): void {
  const command = clientCommand(group, 'delete', {
    help: 'delete a user; says what goes with them and asks for the name',
    examples: ['knot users delete bob', 'knot users delete bob --with-spaces'],
  }).alias('rm');
  command
    .argument('<user>', 'name, e-mail address or id')
    .option('--with-spaces', 'delete their spaces too, with all volumes')
    .option('--yes', 'do not ask')
    .action((name: string) => runUsersDelete(openClient(context, command), name, command.opts<DeleteOptions>()));
}

interface DeleteOptions extends JsonOption {
  readonly yes?: boolean;
  readonly withSpaces?: boolean;
}

export async function runUsersDelete(
  client: Client,
  wanted: string,
  { yes, json, withSpaces }: DeleteOptions,
): Promise<void> {
  const { api, context } = client;
  const { id, username: name } = await findUser(client, wanted);
  const path = { id };
  const going = await answer(api.GET('/api/v1/users/{id}/deletion', { params: { path } }));
  const count = going.spaces.length;
  if (count > 0 && !withSpaces) {
    const hint = `\`knot users delete ${name} --with-spaces\` deletes them too; \`knot users change ${name} --deactivate\` deletes nothing.`;
    throw new KnotError('resource.in_use', `${name} has ${count === 1 ? '1 space' : `${count} spaces`}`, hint);
  }
  const spaces = withSpaces ? ('delete' as const) : undefined;
  printGoing({ write: (text) => context.stderr.write(text) }, going);
  await confirmByName(context, { name, what: `This deletes the user ${name}`, yes: yes === true });
  await api.DELETE('/api/v1/users/{id}', { params: { path, query: { confirm: name, spaces } } });
  if (json) printJson(context.stdout, { deleted: name, spaces: going.spaces.map((space) => space.name) });
  else context.stdout.write(count === 0 ? `${name} deleted\n` : `${name} goes as soon as the last space is gone\n`);
}

/** What goes with a user; nothing where there is nothing. */
function printGoing(sink: TextSink, { spaces, tokens, sessions, groups }: UserDeletion): void {
  const rows = spaces.map(({ name, location, want, volumes }) => [name, location, want, volumes.join(', ')]);
  printSection(sink, 'Spaces that go', ['name', 'location', 'wanted', 'volumes'], rows);
  printSection(
    sink,
    'Also',
    ['what', 'which'],
    [
      ['API tokens', tokens.join(', ')],
      ['sessions', sessions === 0 ? '' : String(sessions)],
      ['memberships', groups.join(', ')],
    ].filter(([, which]) => which !== ''),
  );
}
