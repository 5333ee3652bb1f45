import { isKnotError } from '@knot/shared/errors';
import { Agent } from './agent.js';
import { readSettings } from './settings.js';
import { AGENT_VERSION } from './version.js';

const USAGE = `knot-agent agent [--endpoint host:port] [--space-id uuid] [--tcp-port 5432] [--http-port 80=Web] [--https-port 443]
knot-agent version
`;

async function run([command, ...args]: readonly string[]): Promise<number> {
  switch (command) {
    case 'agent': {
      const end = new AbortController();
      for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => end.abort());
      const log = (sentence: string) => process.stderr.write(`knot-agent: ${sentence}\n`);
      await new Agent({ settings: readSettings(args, process.env), version: AGENT_VERSION, log }).run(end.signal);
      return 0;
    }
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
