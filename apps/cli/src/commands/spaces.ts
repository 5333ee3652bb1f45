import { Argument, Option, type Command } from 'commander';
import { PHASES, START_PHASES } from '@knot/domain';
import { clientCommand } from '../client/client-command.js';
import { openClient } from '../client/open-client.js';
import type { CommandContext } from '../command-context.js';
import { withExample } from '../example.js';
import { timeoutOption } from '../options.js';
import { watchSpaces } from '../spaces/watch-spaces.js';

const UNTIL = [...PHASES, ...START_PHASES, 'Deleted'];

/** `knot spaces ...` */
export function registerSpaces(program: Command, context: CommandContext): void {
  const group = program.command('spaces').alias('space').description('see and steer spaces');
  withExample(group, 'knot spaces start web --wait');
  registerWatch(group, context);
}

function registerWatch(group: Command, context: CommandContext): void {
  const watch = clientCommand(group, 'watch', {
    help: 'print a line for each change of a space, or of all',
    examples: ['knot spaces watch web --until Running --timeout 2m'],
  });
  watch
    .addArgument(new Argument('[name]', 'a space; all that you may see when left out'))
    .addOption(
      new Option(
        '--until <phase>',
        'end with exit code 0 once it is in this phase, or its start has come this far',
      ).choices(UNTIL),
    )
    .addOption(timeoutOption('give up after this time, with exit code 5'))
    .action((name: string | undefined) => {
      const { until, timeout, json } = watch.opts<{ until?: string; timeout?: number; json?: boolean }>();
      return watchSpaces(openClient(context, watch), { name, until, timeoutMs: timeout, json: json === true });
    });
}
