import { isKnotError } from '@knot/shared/errors';
import { FLAGS_HELP, runAgent } from './run-agent.js';
import { AGENT_VERSION } from './version.js';

const USAGE = `knot-agent agent [flags]
knot-agent version

${FLAGS_HELP}`;

function commandLine(server = ''): string {
  const system = `linux_${process.arch === 'arm64' ? 'arm64' : 'amd64'}`;
  return `Fetch ${server.replace(/\/$/, '')}/download/knot_${system}.zip and run knot instead.`;
}

async function run([command, ...args]: readonly string[]): Promise<number> {
  switch (command) {
    case 'agent':
      await runAgent(args, process.env, (text) => process.stderr.write(text));
      return 0;
    case 'version':
      process.stdout.write(`${AGENT_VERSION}\n`);
      return 0;
    // images made for the existing program may say so: there it is one program, here two
    case 'connect':
    case 'tunnel':
      process.stderr.write(
        `knot-agent: ${command} is of the command line. ${commandLine(process.env['KNOT_SERVER'])}\n`,
      );
      return 2;
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
