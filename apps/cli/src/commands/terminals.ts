import type { Command } from 'commander';
import { answer } from '../api/api.js';
import { clientCommand } from '../client/client-command.js';
import { openClient } from '../client/open-client.js';
import type { CommandContext } from '../command-context.js';
import { withExample } from '../example.js';
import { printJson, printTable } from '../output.js';
import { findSpace } from '../spaces/find-space.js';
import { ago } from '../times.js';

const SPACE = 'its name, owner/name, or id';

/** `knot terminals ...` */
export function registerTerminals(program: Command, context: CommandContext): void {
  const group = program.command('terminals').alias('terminal').description('the terminals that you have in a space');
  withExample(group, 'knot terminals list hello');
  const list = clientCommand(group, 'list', {
    help: 'list your terminals, whether a window shows them or not',
    examples: ['knot terminals list hello'],
  }).alias('ls');
  list.argument('<space>', SPACE).action(async (name: string) => {
    const client = openClient(context, list);
    const { id } = await findSpace(client, name);
    const { items } = await answer(client.api.GET('/api/v1/spaces/{id}/terminals', { params: { path: { id } } }));
    if (list.opts<{ json?: boolean }>().json) return printJson(context.stdout, items);
    const now = context.clock.now();
    const rows = items.map(({ id: terminal, program: runs, startedAt, activeAt, shown }) => [
      ...[terminal, runs, ago(startedAt, now), ago(activeAt, now)],
      shown ? 'yes' : 'no',
    ]);
    printTable(context.stdout, ['id', 'runs', 'started', 'last active', 'in a window'], rows);
  });
  const end = clientCommand(group, 'end', {
    help: 'end a terminal: its shell is told to hang up',
    examples: ['knot terminals end hello 8c5ff76c-5b1e-4f0d-9d40-5d7ab7c0b1a2'],
  });
  end
    .argument('<space>', SPACE)
    .argument('<terminal>', 'its id, as `knot terminals list` shows it')
    .action(async (name: string, terminal: string) => {
      const client = openClient(context, end);
      const { id } = await findSpace(client, name);
      const params = { path: { id, terminal } };
      await client.api.DELETE('/api/v1/spaces/{id}/terminals/{terminal}', { params });
      context.stderr.write('ended\n');
    });
}
