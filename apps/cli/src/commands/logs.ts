import type { Command } from 'commander';
import { clientCommand } from '../client/client-command.js';
import { openClient } from '../client/open-client.js';
import type { CommandContext } from '../command-context.js';
import { printLogs } from '../spaces/print-logs.js';

/** `knot logs` */
export function registerLogs(program: Command, context: CommandContext): void {
  const logs = clientCommand(program, 'logs', {
    help: 'print what is said in a space by syslog, GELF, Loki or a post to its agent',
    examples: ['knot logs -f web', 'knot logs web --search error'],
  });
  logs
    .argument('<space>', 'its name, owner/name, or id')
    .option('-f, --follow', 'go on with what is said from now on')
    .option('--search <text>', 'only lines that hold this')
    .action((name: string) => {
      const { follow, search = '', json } = logs.opts<{ follow?: boolean; search?: string; json?: boolean }>();
      return printLogs(openClient(context, logs), { name, follow: follow === true, search, json: json === true });
    });
}
