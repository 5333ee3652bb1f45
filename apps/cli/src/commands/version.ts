import type { Command } from 'commander';
import { answer, createApi } from '../api/api.js';
import { clientCommand } from '../client/client-command.js';
import { clientConfig, sendPorts, userAgent } from '../client/open-client.js';
import type { CommandContext } from '../command-context.js';
import { knotVersion } from '../knot-version.js';
import { printFacts, printJson } from '../output.js';

/** `knot version` */
export function registerVersion(program: Command, context: CommandContext): void {
  const command = clientCommand(program, 'version', {
    help: 'print the versions of this program and of the server, where one is named',
    examples: ['knot version', 'knot version --server https://knot.example.com'],
  });
  command.action(async () => {
    const config = clientConfig(context, command);
    const { json } = command.opts<{ json?: boolean }>();
    const { server } = config.client;
    await runVersion(context, { server, skipVerify: config.tlsSkipVerify, json: json === true });
  });
}

export async function runVersion(
  context: CommandContext,
  { server, skipVerify, json }: { server: string | undefined; skipVerify: boolean; json: boolean },
): Promise<void> {
  const client = knotVersion();
  const there = server === undefined ? undefined : await versionOf(context, server, skipVerify);
  if (json) return printJson(context.stdout, { client, ...(there && { server: { address: server, ...there } }) });
  printFacts(context.stdout, [
    ['knot', client],
    ['server', there === undefined ? '' : `${there.version} (API ${there.api}) at ${server}`],
  ]);
}

function versionOf(
  context: CommandContext,
  server: string,
  skipVerify: boolean,
): Promise<{ version: string; api: string }> {
  const api = createApi(sendPorts(context, server, skipVerify), { 'user-agent': userAgent(context) });
  return answer(api.GET('/api/v1/version'));
}
