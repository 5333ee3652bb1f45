import type { Command } from 'commander';
import { answer } from '../api/api.js';
import { clientCommand } from '../client/client-command.js';
import { openClient, type Client } from '../client/open-client.js';
import type { CommandContext } from '../command-context.js';
import { wholeNumber } from '../options.js';
import { printJson, printTable } from '../output.js';
import { findSpace } from '../spaces/find-space.js';
import { ago } from '../times.js';

interface OperationsOptions {
  readonly space?: string;
  readonly limit: number;
  readonly json?: boolean;
}

/** The most that one page of the API holds. */
const MOST = 200;

/** `knot operations` */
export function registerOperations(program: Command, context: CommandContext): void {
  const command = clientCommand(program, 'operations', {
    help: 'list accepted wishes and how far each has come, newest first',
    examples: ['knot operations --space web'],
  });
  command
    .option('--space <name>', 'only those of this space')
    .option('--limit <number>', `how many, at most ${MOST}`, wholeNumber, 20)
    .action(() => runOperations(openClient(context, command), command.opts<OperationsOptions>()));
}

export async function runOperations(client: Client, { space, limit, json }: OperationsOptions): Promise<void> {
  const { api, context } = client;
  const subject = space === undefined ? undefined : (await findSpace(client, space)).id;
  const query = { subject, limit: Math.min(Math.max(limit, 1), MOST) };
  const { items } = await answer(api.GET('/api/v1/operations', { params: { query } }));
  if (json) return printJson(context.stdout, items);
  const names = await spaceNames(client);
  const rows = items.map(({ kind, subjectId, state, createdAt, message }) => [
    ago(createdAt, context.clock.now()),
    kind,
    names.get(subjectId) ?? subjectId,
    state,
    message,
  ]);
  printTable(context.stdout, ['asked', 'operation', 'of', 'state', 'message'], rows);
}

/** By their ids, of as many as one page holds: whoever has more reads the ids of the others. */
async function spaceNames({ api }: Client): Promise<ReadonlyMap<string, string>> {
  const { items } = await answer(api.GET('/api/v1/spaces', { params: { query: { limit: MOST } } }));
  return new Map(items.map(({ id, name, owner }) => [id, `${owner.username}/${name}`]));
}
