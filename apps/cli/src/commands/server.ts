import type { Command } from 'commander';
import { loadConfig, type FlagValues } from '@knot/shared/config';
import { createLogger } from '@knot/shared/logging';
import type { CommandContext } from '../command-context.js';
import { addConfigFlags, configFlagValues } from '../config-flags.js';
import { withExample } from '../example.js';
import { knotVersion } from '../knot-version.js';

/** `knot server` */
export function registerServer(program: Command, context: CommandContext): void {
  const server = program
    .command('server')
    .description('run a server: an origin, or a leaf when origin_server and shared_token are set');
  addConfigFlags(server, 'server');
  withExample(server, 'knot server --config /etc/knot/knot.yaml');
  server.action(() => runUntilSignal(context, configFlagValues(server, 'server')));
}

async function runUntilSignal(context: CommandContext, flags: FlagValues): Promise<void> {
  const { config, warnings, notices } = loadConfig({ flags, world: context });
  const { mode } = config.server;
  const logger = createLogger({ level: config.log.level, name: mode === 'leaf' ? 'leaf' : 'origin' });
  for (const warning of warnings) logger.warn(warning);
  for (const notice of notices) logger.info(notice);
  // Listened for from the start, so that a signal during a slow start is not lost.
  const signalled = firstSignal();
  // Only this command needs the servers' code: the others stay quick.
  const { runServer } = await import('../server/run-server.js');
  const running = await runServer({ config, logger, programVersion: knotVersion(), clock: context.clock });
  const signal = await signalled;
  logger.info(`${signal}: stopping; spaces go on running`);
  await running.stop();
}

function firstSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const forced = () => process.exit(1);
    const first = (signal: NodeJS.Signals) => {
      for (const name of ['SIGINT', 'SIGTERM'] as const) process.removeListener(name, first).once(name, forced);
      resolve(signal);
    };
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, first);
  });
}
