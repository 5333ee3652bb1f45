import { armFailpoints } from '@knot/shared/config';
import { systemContext } from './command-context.js';
import { exitCodeOf } from './exit-codes.js';
import { printError } from './output.js';
import { runKnot } from './run-knot.js';

// a reader that has seen enough (`knot spaces list | head -1`) is no failure
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});
const context = systemContext();
try {
  armFailpoints(context.env['KNOT_FAILPOINTS']);
  process.exitCode = await runKnot(process.argv.slice(2), context);
} catch (error) {
  printError(context, error);
  process.exitCode = exitCodeOf(error);
}
