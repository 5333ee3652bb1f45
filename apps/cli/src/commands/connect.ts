import { join, resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { TOKEN_SCOPES } from '@knot/domain';
import { KnotError } from '@knot/shared/errors';
import { fileErrorCode } from '@knot/shared/config';
import { answer, createApi, type Api } from '../api/api.js';
import type { TokenScope } from '../api/schemas.js';
import { ask, askNewPassword } from '../client/ask.js';
import { addClientFlags } from '../client/client-command.js';
import { withClientKeys } from '../client/client-file.js';
import { clientConfig, sendPorts, userAgent } from '../client/open-client.js';
import { assertSameApi, makeToken, type SignedIn } from '../client/sign-in.js';
import type { CommandContext } from '../command-context.js';
import { withExample } from '../example.js';
import { wholeNumber } from '../options.js';
import { printJson } from '../output.js';
import { machineKey } from '../ssh/machine-key.js';

export interface ConnectInput {
  readonly server: string;
  readonly skipVerify: boolean;
  /** The file to keep server and token in, absolute. */
  readonly file: string;
  readonly username: string | undefined;
  readonly email: string | undefined;
  readonly setupCode: string | undefined;
  readonly scope: TokenScope;
  readonly days: number | undefined;
  /** Files with public keys, absolute. */
  readonly sshKeys: readonly string[];
  readonly json: boolean;
}

interface ConnectOptions {
  readonly username?: string;
  readonly email?: string;
  readonly setupCode?: string;
  readonly scope: TokenScope | 'all';
  readonly days?: number;
  readonly sshKey?: readonly string[];
  readonly config?: string;
  readonly json?: boolean;
}

/** `knot connect <server>` */
export function registerConnect(program: Command, context: CommandContext): void {
  const command = program
    .command('connect')
    .description('sign in at a server and remember it')
    .argument('<server>', 'its address; https unless it says otherwise')
    .option('-u, --username <name>', 'user name or e-mail address; asked for when left out')
    .option('--setup-code <code>', "make the first administrator, with the code of the server's log")
    .option('--email <address>', 'of the first administrator')
    .addOption(
      new Option('--scope <scope>', 'what the token is good for: your own spaces, all that you may, or reading')
        .choices([...TOKEN_SCOPES.filter((scope) => scope !== '*'), 'all'])
        .default('spaces'),
    )
    .option('--days <number>', 'how long the token lasts (default 90)', wholeNumber)
    .option('--ssh-key <file...>', 'public keys of your own for SSH, beside that of this machine')
    .option('--json', 'print JSON');
  addClientFlags(command);
  for (const option of command.options) if (['--server', '--token'].includes(option.long ?? '')) option.hideHelp();
  withExample(
    command,
    'knot connect https://knot.example.com',
    'knot connect https://knot.example.com --setup-code ABCD-EFGH-IJKL-MNOP --username ada --email ada@example.com',
    'printf "%s\\n" "$PASSWORD" | knot connect knot.example.com --username ada --scope all',
  );
  command.action((server: string) => runConnect(context, parseInput(context, command, server)));
}

function parseInput(context: CommandContext, command: Command, server: string): ConnectInput {
  const { scope, json, ...options } = command.opts<ConnectOptions>();
  const config = clientConfig(withNewFile(context, options.config), command);
  for (const name of ['KNOT_SERVER', 'KNOT_TOKEN']) {
    if ((context.env[name] ?? '') === '') continue;
    context.stderr.write(`warning: $${name} is set and beats what the file says\n`);
  }
  return {
    username: options.username,
    email: options.email,
    setupCode: options.setupCode,
    days: options.days,
    server: addressOf(server),
    skipVerify: config.tlsSkipVerify,
    file: config.file ?? join(context.home, '.config', 'knot', 'knot.yaml'),
    scope: scope === 'all' ? '*' : scope,
    sshKeys: (options.sshKey ?? []).map((path) => resolve(context.cwd, path)),
    json: json === true,
  };
}

/** A file that is named and not there yet reads as an empty one: it is to be made. */
function withNewFile(context: CommandContext, flag: string | undefined): CommandContext {
  const name = flag ?? context.env['KNOT_CONFIG'] ?? '';
  if (name === '') return context;
  const named = resolve(context.cwd, name);
  return { ...context, readFile: (path) => (path === named ? currentText(context, path) : context.readFile(path)) };
}

function addressOf(text: string): string {
  const address = /^[a-z]+:\/\//i.test(text) ? text : `https://${text}`;
  const url = URL.parse(address);
  if (url !== null && (url.protocol === 'http:' || url.protocol === 'https:') && url.username === '') {
    return url.href.replace(/\/$/, '');
  }
  throw new KnotError('input.invalid', `${text} is no address of a server`, 'One looks like https://knot.example.com.');
}

/** Signs in, or makes the first administrator and signs in, and keeps server and token in the file. */
export async function runConnect(context: CommandContext, input: ConnectInput): Promise<void> {
  const { server, scope, days, file } = input;
  const ports = sendPorts(context, server, input.skipVerify);
  const headers = { 'user-agent': userAgent(context) };
  const api = createApi(ports, headers);
  await assertSameApi(api, server);
  warnOfPlaintext(context, server);
  const person = await askWho(context, api, input);
  const askCode = () => ask(context, 'One-time code');
  const sshKeys = [machineKey(context, file).publicKey, ...input.sshKeys.map((path) => publicKeyOf(context, path))];
  const made = await makeToken(ports, headers, person, askCode, {
    name: `knot on ${context.hostname}`.slice(0, 64),
    scope,
    days,
    sshKeys,
  });
  keep(context, file, server, made.token);
  tell(context, input, made);
}

function warnOfPlaintext({ stderr }: CommandContext, server: string): void {
  const { protocol, hostname } = new URL(server);
  if (protocol === 'https:' || /^(localhost|127\..*|\[::1\])$/.test(hostname)) return;
  stderr.write(`warning: ${server} is not encrypted: password and token can be read on their way\n`);
}

/** Name and password of who signs in, after making that user where it is the first. */
async function askWho(
  context: CommandContext,
  api: Api,
  input: ConnectInput,
): Promise<{ username: string; password: string }> {
  const { needed } = await answer(api.GET('/api/v1/setup'));
  if (!needed) {
    if (input.setupCode !== undefined) {
      context.stderr.write(`note: ${input.server} is set up already; signing in\n`);
    }
    const username = input.username ?? (await ask(context, 'User name or e-mail'));
    return { username, password: await ask(context, 'Password', { hidden: true }) };
  }
  if (input.setupCode === undefined) throw notSetUp(input.server);
  const username = input.username ?? (await ask(context, 'User name of the first administrator'));
  const email = input.email ?? (await ask(context, 'E-mail address'));
  const password = await askNewPassword(context);
  await answer(api.POST('/api/v1/setup', { body: { code: input.setupCode, username, email, password } }));
  return { username, password };
}

function notSetUp(server: string): KnotError {
  return new KnotError(
    'state.refused',
    `${server} has no administrator yet`,
    `Take the set-up code from the server's log: knot connect ${server} --setup-code <code> --username <name> --email <address>`,
  );
}

function keep(context: CommandContext, file: string, server: string, token: string): void {
  const text = withClientKeys(currentText(context, file), { server, token });
  try {
    context.writePrivateFile(file, text);
  } catch (error) {
    const message = `${file} cannot be written (${fileErrorCode(error)}), so the token is not kept`;
    throw new KnotError('input.invalid', message, 'Name another file by --config.', {}, { cause: error });
  }
}

function publicKeyOf(context: CommandContext, path: string): string {
  try {
    return context.readFile(path).trim();
  } catch (error) {
    const message = `${path} cannot be read (${fileErrorCode(error)})`;
    throw new KnotError('input.invalid', message, 'Name a file that ends in .pub.', {}, { cause: error });
  }
}

function currentText(context: CommandContext, file: string): string {
  try {
    return context.readFile(file);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(fileErrorCode(error))) return '';
    throw error;
  }
}

function tell(context: CommandContext, { server, file, scope, json }: ConnectInput, made: SignedIn): void {
  const { username, role, expiresAt } = made;
  if (json) printJson(context.stdout, { server, username, role, scope, file, expiresAt });
  else context.stdout.write(`connected to ${server} as ${username}; the token is in ${file}\n`);
  if (role === 'administrator' && scope !== '*') {
    const more = `knot connect ${server} --scope all`;
    context.stderr.write(`note: this token is for your own spaces only; for templates, locations and users: ${more}\n`);
  }
}
