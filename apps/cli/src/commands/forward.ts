import type { Command } from 'commander';
import { pipeline } from 'node:stream/promises';
import { clientCommand } from '../client/client-command.js';
import { openClient } from '../client/open-client.js';
import type { CommandContext } from '../command-context.js';
import { withExample } from '../example.js';
import { findPort } from '../spaces/find-port.js';
import { reachSpace } from '../ways/reach-space.js';

/** `knot forward ...` */
export function registerForward(program: Command, context: CommandContext): void {
  const group = program.command('forward').description('carry connections into a space');
  withExample(group, 'knot forward port hello 8080');
  const ssh = clientCommand(group, 'ssh', {
    help: 'carry one connection of ssh over standard input and output: a ProxyCommand',
    examples: ['ssh -o ProxyCommand="knot forward ssh hello" me@hello'],
  });
  ssh.argument('<space>', 'its name, owner/name, or id').action(async (name: string) => {
    const { openSpaceStream } = await import('../ssh/space-stream.js');
    const client = openClient(context, ssh);
    const { id } = await reachSpace(client, name);
    const { stream } = await openSpaceStream(client, id, 'ssh');
    // ssh ends as its side ends, whatever it still had to say
    await Promise.all([pipeline(context.pipes.input, stream), pipeline(stream, context.pipes.output)]);
  });
  registerForwardPort(group, context);
}

function registerForwardPort(group: Command, context: CommandContext): void {
  const port = clientCommand(group, 'port', {
    help: 'carry connections to a port of this machine to one in a space, until it is ended',
    examples: ['knot forward port hello 8080', 'knot forward port hello 3000:shop'],
  });
  port
    .argument('<space>', 'its name, owner/name, or id')
    .argument(
      '<port>',
      'the port in the space by its number or by what it is called, or <local>:<port>; local 0 takes a free one',
    )
    .action(async (name: string, text: string) => {
      const [{ overSsh }, { forwardPort, namedForwardedPort, spacePort }] = await Promise.all([
        import('../ssh/ssh-client.js'),
        import('../ssh/forwarded-port.js'),
      ]);
      const client = openClient(context, port);
      const space = await reachSpace(client, name);
      const forwarded = await namedForwardedPort(text, (called) => findPort(client, space, called, 'all'));
      const json = port.opts<{ json?: boolean }>().json === true;
      const listens = (local: number) =>
        context.stdout.write(
          json
            ? `${JSON.stringify({ address: '127.0.0.1', port: local, to: forwarded.port })}\n`
            : `127.0.0.1:${local} leads to port ${forwarded.port} of ${name}\n`,
        );
      const refused = (why: string) => context.stderr.write(`knot: ${why}\n`);
      await overSsh(client, space.id, (ssh, signal) =>
        forwardPort((to) => spacePort(ssh, to), forwarded, { listens, refused }, signal),
      );
    });
}
