import type { Command } from 'commander';
import { answer } from '../api/api.js';
import { clientCommand } from '../client/client-command.js';
import { openClient } from '../client/open-client.js';
import type { CommandContext } from '../command-context.js';
import { withExample } from '../example.js';
import { printJson, printTable } from '../output.js';

/** `knot ssh-keys ...` */
export function registerSshKeys(program: Command, context: CommandContext): void {
  const group = program.command('ssh-keys').description('the keys by which you get into your spaces by SSH');
  withExample(group, 'knot ssh-keys list');
  const list = clientCommand(group, 'list', { help: 'list your keys', examples: ['knot ssh-keys list'] });
  list.action(async () => {
    const { items } = await answer(openClient(context, list).api.GET('/api/v1/me/ssh-keys'));
    if (list.opts<{ json?: boolean }>().json) return printJson(context.stdout, items);
    const rows = items.map(({ type, fingerprint, comment }) => [type, fingerprint, comment]);
    printTable(context.stdout, ['type', 'fingerprint', 'comment'], rows);
  });
  const remove = clientCommand(group, 'remove', {
    help: 'remove a key; connections that came about by it are cut',
    examples: ['knot ssh-keys remove SHA256:bXK9...'],
  });
  remove.argument('<fingerprint>', 'as `knot ssh-keys list` shows it').action(async (fingerprint: string) => {
    const { api } = openClient(context, remove);
    await api.DELETE('/api/v1/me/ssh-keys', { params: { query: { fingerprint } } });
    context.stderr.write('removed\n');
  });
}
