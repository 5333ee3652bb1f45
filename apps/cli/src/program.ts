import { Command } from 'commander';
import type { CommandContext } from './command-context.js';
import type { Register } from './commands/client-groups.js';
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

/**
 * The command line with these groups. What a command has to print goes to the context; it fails by throwing a `KnotError`,
 * whose kind gives the exit code. It never ends the process.
 */
export function createProgram(context: CommandContext, groups: readonly Register[]): Command {
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
  for (const register of groups) register(program, context);
  adviseUsage(program, 'knot');
  return program;
}

function required({ options }: Command): string {
  return options.map(({ mandatory, flags }) => (mandatory ? `${flags.split(', ').at(-1)} ` : '')).join('');
}

/** After what is wrong with a line it is told how the command is used. */
function adviseUsage(command: Command, path: string): void {
  command.showHelpAfterError(
    command.commands.length > 0
      ? `\`${path} --help\` lists what there is.`
      : `It is used as: ${path} ${required(command)}${command.usage()}\n\`${path} --help\` says more.`,
  );
  for (const one of command.commands) adviseUsage(one, `${path} ${one.name()}`);
}
