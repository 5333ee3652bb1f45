import type { Command } from 'commander';
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

/** A command that speaks to a server: its flags, `--json` and its examples. */
export function clientCommand(
  parent: Command,
  nameAndArguments: string,
  { help, examples }: { readonly help: string; readonly examples: readonly string[] },
): Command {
  const command = parent.command(nameAndArguments).description(help).option('--json', 'print JSON');
  return withExample(addClientFlags(command), ...examples);
}
