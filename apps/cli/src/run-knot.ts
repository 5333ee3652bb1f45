import { CommanderError } from 'commander';
import type { CommandContext } from './command-context.js';
import type { Register } from './commands/client-groups.js';
import { CommandEnded, EXIT_CODES, exitCodeOf } from './exit-codes.js';
import { printError } from './output.js';
import { createProgram } from './program.js';

/** Runs one command line (without `node` and the script) and gives its exit code. Never throws, never exits. */
export async function runKnot(
  args: readonly string[],
  context: CommandContext,
  groups: readonly Register[],
): Promise<number> {
  try {
    await createProgram(context, groups).parseAsync(args, { from: 'user' });
    return EXIT_CODES.ok;
  } catch (error) {
    // commander has printed its help or its complaint already
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODES.ok : EXIT_CODES.input;
    if (error instanceof CommandEnded) return error.code;
    printError(context, error);
    return exitCodeOf(error);
  }
}
