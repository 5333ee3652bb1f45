import type { Command } from 'commander';
import { KnotError } from '@knot/shared/errors';
import { systemContext } from './command-context.js';
import { CLIENT_GROUPS } from './commands/client-groups.js';
import { LOCAL_GROUPS } from './commands/local-groups.js';
import { start } from './start.js';

const HINT = 'Install knot itself for that; inside a space it is the program knot-agent.';

/** What this program has no code of. */
function registerElsewhere(program: Command): void {
  for (const name of ['server', 'admin', 'agent']) {
    const command = program.command(name, { hidden: true }).argument('[words...]').allowUnknownOption();
    command.action(() => {
      throw new KnotError('input.invalid', `this file is the command line alone: it has no \`knot ${name}\``, HINT);
    });
  }
}

// One file with Node in it, for the machines of people: tools/build-cli.mjs makes it.
void start({ ...systemContext(), command: [process.execPath] }, [...LOCAL_GROUPS, ...CLIENT_GROUPS, registerElsewhere]);
