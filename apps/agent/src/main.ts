// first of all
import './memory.js';
import { isKnotError } from '@knot/shared/errors';
import { movedCommand } from './moved-commands.js';
import { FLAGS_HELP, runAgent } from './run-agent.js';
import { AGENT_VERSION } from './version.js';

const USAGE = `knot-agent agent [flags]
knot-agent version

${FLAGS_HELP}`;

async function run([command, ...args]: readonly string[]): Promise<number> {
  const moved = movedCommand([command ?? '', ...args], process.env, process.arch);
  if (moved !== null) {
    process.stderr.write(`knot-agent: ${moved}`);
    return 2;
  }
  switch (command) {
    case 'agent':
      await runAgent(args, process.env, (text) => process.stderr.write(text));
      return 0;
    case 'version':
      process.stdout.write(`${AGENT_VERSION}\n`);
      return 0;
    default:
      process.stderr.write(USAGE);
      return 2;
  }
}

run(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    const hint = isKnotError(error) ? error.hint : '';
    process.stderr.write(`knot-agent: ${error instanceof Error ? error.message : String(error)} ${hint}\n`);
    process.exit(1);
  },
);
