import { Command } from 'commander';
import type { CommandContext } from './command-context.js';
import { registerAdmin } from './commands/admin.js';
import { registerAgent } from './commands/agent.js';
import { CLIENT_GROUPS } from './commands/client-groups.js';
import { registerCompletion } from './commands/completion.js';
import { registerConfig } from './commands/config.js';
import { registerKeys } from './commands/keys.js';
import { registerScaffold } from './commands/scaffold.js';
import { registerServer } from './commands/server.js';
import { withExample } from './example.js';
import { knotVersion } from './knot-version.js';

const EXIT_CODES_HELP = `
Exit codes:
  0  done
  1  something else went wrong
  2  the input or the configuration is wrong
  3  not signed in, or not allowed
  4  not found
  5  its present state does not allow it
  6  the server, or something it needs, does not answer`;

/** In the order of the help. A group has a file of its own under `commands/`. */
const GROUPS = [
  registerServer,
  registerConfig,
  registerScaffold,
  registerKeys,
  registerAdmin,
  registerAgent,
  registerCompletion,
  ...CLIENT_GROUPS,
];

/** What the program that `args` call has: a server, which runs for months, is not to hold all other commands. */
function groupsFor([group]: readonly string[]): readonly (typeof registerServer)[] {
  return group === 'server' ? [registerServer] : GROUPS;
}

/**
 * The command line with the groups that `args` need, all of them unless given. What a command has to print goes to the context; it fails by throwing a
 * `KnotError`, whose kind gives the exit code. It never ends the process.
 */
export function createProgram(context: CommandContext, args: readonly string[] = []): Command {
  const program = new Command('knot');
  program
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(text),
      outputError: (text, write) => write(text.replace(/^error: /, 'knot: ')),
    })
    .description('Environments for developers, kept as they should be.')
    .version(knotVersion(), '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print this')
    .addHelpText('after', EXIT_CODES_HELP);
  withExample(program, 'knot scaffold --server > knot.yaml && knot config check');
  for (const register of groupsFor(args)) register(program, context);
  return program;
}
