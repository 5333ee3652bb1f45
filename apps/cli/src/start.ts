import { armFailpoints } from '@knot/shared/config';
import type { CommandContext } from './command-context.js';
import type { Register } from './commands/client-groups.js';
import { exitCodeOf } from './exit-codes.js';
import { printError } from './output.js';
import { runKnot } from './run-knot.js';

/** Runs the command line of this process with these groups; its end gives the exit code. */
export async function start(context: CommandContext, groups: readonly Register[]): Promise<void> {
  // a reader that has seen enough (`knot spaces list | head -1`) is no failure
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  try {
    armFailpoints(context.env['KNOT_FAILPOINTS']);
    process.exitCode = await runKnot(process.argv.slice(2), context, groups);
  } catch (error) {
    printError(context, error);
    process.exitCode = exitCodeOf(error);
  }
}
