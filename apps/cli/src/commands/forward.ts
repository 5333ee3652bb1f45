import type { Command } from 'commander';
import { pipeline } from 'node:stream/promises';
import { clientCommand } from '../client/client-command.js';
import { openClient } from '../client/open-client.js';
import type { CommandContext } from '../command-context.js';
import { withExample } from '../example.js';
import { findSpace } from '../spaces/find-space.js';

/** `knot forward ...` */
export function registerForward(program: Command, context: CommandContext): void {
  const group = program.command('forward').description('carry connections into a space');
  withExample(group, 'knot forward ssh hello');
  const ssh = clientCommand(group, 'ssh', {
    help: 'carry one connection of ssh over standard input and output: a ProxyCommand',
    examples: ['ssh -o ProxyCommand="knot forward ssh hello" me@hello'],
  });
  ssh.argument('<space>', 'its name, owner/name, or id').action(async (name: string) => {
    const { openSpaceStream } = await import('../ssh/space-stream.js');
    const client = openClient(context, ssh);
    const { id } = await findSpace(client, name);
    const { stream } = await openSpaceStream(client, id, 'ssh');
    // ssh ends as its side ends, whatever it still had to say
    await Promise.all([pipeline(context.pipes.input, stream), pipeline(stream, context.pipes.output)]);
  });
}
