import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { KnotError } from '@knot/shared/errors';
import { fileErrorCode } from '@knot/shared/config';
import { answer } from '../api/api.js';
import { clientCommand } from '../client/client-command.js';
import { clientConfig, openClient, type Client } from '../client/open-client.js';
import type { CommandContext } from '../command-context.js';
import { withExample } from '../example.js';
import { printJson } from '../output.js';
import { machineKeyFile } from '../ssh/machine-key.js';
import { hostOf, renderConfig, renderKnownHosts, withInclude, withoutInclude } from '../ssh/ssh-config.js';

interface Options {
  readonly json?: boolean;
  readonly file?: string;
}

const FILE_HELP = 'the ssh configuration to write to (default ~/.ssh/config)';

/** `knot ssh-config ...` */
export function registerSshConfig(program: Command, context: CommandContext): void {
  const group = program.command('ssh-config').description('let ssh, scp, rsync and editors know your spaces by name');
  withExample(group, 'knot ssh-config update && ssh knot.hello');
  const examples = ['knot ssh-config update', 'knot ssh-config update --file ./ssh_config'];
  const update = clientCommand(group, 'update', { help: 'write a host entry for each of your spaces', examples });
  update.option('--file <path>', FILE_HELP);
  update.action(() => runUpdate(openClient(context, update), clientConfig(context, update).file, update.opts()));
  const remove = group.command('remove').description('take all of it out again').option('--file <path>', FILE_HELP);
  withExample(remove, 'knot ssh-config remove').action(() => runRemove(context, remove.opts<Options>()));
}

async function runUpdate(client: Client, configFile: string | undefined, { file, json }: Options): Promise<void> {
  const { context, api } = client;
  const { items } = await answer(api.GET('/api/v1/me/ssh-hosts'));
  const paths = pathsOf(context, file);
  const identity = configFile === undefined ? null : machineKeyFile(configFile);
  const identityFile = identity !== null && textOf(context, identity) !== null ? identity : null;
  const command = [...context.command, 'forward', 'ssh'];
  if (configFile !== undefined) command.push('--config', configFile);
  context.writePrivateFile(paths.knownHosts, renderKnownHosts(items));
  context.writePrivateFile(
    paths.hosts,
    renderConfig(items, { command, identityFile, knownHostsFile: paths.knownHosts }),
  );
  context.writePrivateFile(paths.config, withInclude(textOf(context, paths.config) ?? '', paths.hosts));
  const hosts = items.flatMap((item) => hostOf(item) ?? []);
  if (json) return printJson(context.stdout, { hosts, config: paths.config, knownHosts: paths.knownHosts });
  const said = hosts.length === 0 ? 'you have no spaces yet' : hosts.map((host) => `ssh ${host}`).join('\n');
  context.stdout.write(`${said}\n`);
  if (identityFile === null) {
    context.stderr.write('note: this machine has no key of its own; `knot connect` makes one and tells the server\n');
  }
}

function runRemove(context: CommandContext, { file }: Options): void {
  const paths = pathsOf(context, file);
  const text = textOf(context, paths.config);
  if (text !== null) context.writePrivateFile(paths.config, withoutInclude(text));
  for (const one of [paths.hosts, paths.knownHosts]) if (textOf(context, one) !== null) context.removeFile(one);
  context.stdout.write(`${paths.config} knows nothing of knot any more\n`);
}

function pathsOf({ home, cwd }: CommandContext, file: string | undefined) {
  const config = file === undefined ? join(home, '.ssh', 'config') : join(cwd, file);
  const folder = dirname(config);
  return { config, hosts: join(folder, 'knot_hosts'), knownHosts: join(folder, 'knot_known_hosts') };
}

function textOf(context: CommandContext, path: string): string | null {
  try {
    return context.readFile(path);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(fileErrorCode(error))) return null;
    throw new KnotError('input.invalid', `${path} cannot be read (${fileErrorCode(error)})`, '', {}, { cause: error });
  }
}
