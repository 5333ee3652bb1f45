import type { Command } from 'commander';
import { KnotError } from '@knot/shared/errors';
import { addConfigFlags } from '../config-flags.js';
import { withExample } from '../example.js';

/** What a person sets at a command; the rest of the client's keys is for files and the environment. */
const SHOWN_FLAGS = new Set(['--config', '--server', '--token', '--tls-skip-verify']);

/** Adds the flags that say which server to speak to and how. */
export function addClientFlags(command: Command): Command {
  addConfigFlags(command, 'client', { hidden: true });
  for (const option of command.options) {
    if (SHOWN_FLAGS.has(option.long ?? '')) option.hideHelp(false).helpGroup('Server:');
  }
  return command;
}

/** Refuses a line that names nothing to change; to be called before the options that do are added. */
export function namingChange(command: Command): Command {
  const shared = new Set(command.options);
  return command.hook('preAction', () => {
    const own = command.options.filter((option) => !shared.has(option));
    if (own.some((option) => command.getOptionValueSource(option.attributeName()) === 'cli')) return;
    const flags = own.map(({ long }) => long).join(', ');
    throw new KnotError('input.invalid', 'nothing is named that is to be changed', `Give one of ${flags}.`);
  });
}

/** A command that speaks to a server: its flags, `--json` and its examples. */
export function clientCommand(
  parent: Command,
  nameAndArguments: string,
  { help, examples }: { readonly help: string; readonly examples: readonly string[] },
): Command {
  const command = parent.command(nameAndArguments).description(help).option('--json', 'print JSON');
  return withExample(addClientFlags(command), ...examples);
}
