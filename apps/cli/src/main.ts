import { armFailpoints } from '@knot/shared/config';
import { systemContext } from './command-context.js';
import { exitCodeOf } from './exit-codes.js';
import { printError } from './output.js';
import { runKnot } from './run-knot.js';

const context = systemContext();
try {
  armFailpoints(context.env['KNOT_FAILPOINTS']);
  process.exitCode = await runKnot(process.argv.slice(2), context);
} catch (error) {
  printError(context, error);
  process.exitCode = exitCodeOf(error);
}
