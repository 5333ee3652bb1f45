import type { Command } from 'commander';
import { pipeline } from 'node:stream/promises';
import { clientCommand } from '../client/client-command.js';
import { openClient } from '../client/open-client.js';
import type { CommandContext } from '../command-context.js';
import { withExample } from '../example.js';
import { parsePort } from '../options.js';
import type { ForwardedPort } from '../ssh/forwarded-port.js';

const SERVICE = 'a name or address in the network of the server';
const SSH_PORT = 22;

/** `knot proxy ...` */
export function registerProxy(program: Command, context: CommandContext): void {
  const group = program.command('proxy').description("carry connections to services of the server's network");
  withExample(group, 'knot proxy port db.internal 5432');
  registerProxyPort(group, context);
  const ssh = clientCommand(group, 'ssh', {
    help: 'carry one connection over standard input and output: a ProxyCommand for machines beside the server',
    examples: ['ssh -o ProxyCommand="knot proxy ssh %h %p" me@build.internal'],
  });
  ssh
    .argument('<service>', SERVICE)
    .argument('[port]', 'its port; 0: as its SRV records say', portOrNone, SSH_PORT)
    .action(async (host: string, port: number) => {
      const { openServiceStream } = await import('../services/service-stream.js');
      const stream = await openServiceStream(openClient(context, ssh), { host, port });
      await Promise.all([pipeline(context.pipes.input, stream), pipeline(stream, context.pipes.output)]);
    });
}

function registerProxyPort(group: Command, context: CommandContext): void {
  const command = clientCommand(group, 'port', {
    help: "carry connections to a port of this machine to a service of the server's network, until it is ended",
    examples: ['knot proxy port db.internal 5432', 'knot proxy port db.internal 15432:5432'],
  });
  command
    .argument('<service>', SERVICE)
    .argument(
      '<port>',
      'the port of the service, or <local>:<port>; local 0 takes a free one, port 0 goes by its SRV records',
    )
    .action(async (host: string, text: string) => {
      const [{ openServiceStream }, { forwardPort, parseForwardedPort }] = await Promise.all([
        import('../services/service-stream.js'),
        import('../ssh/forwarded-port.js'),
      ]);
      const forwarded = parseServicePort(text, parseForwardedPort);
      const client = openClient(context, command);
      const json = command.opts<{ json?: boolean }>().json === true;
      const open = (port: number) => openServiceStream(client, { host, port });
      // a person is told at once why it does not go
      (await open(forwarded.port)).destroy();
      await forwardPort(open, forwarded, {
        listens: (local) =>
          context.stdout.write(
            json
              ? `${JSON.stringify({ address: '127.0.0.1', port: local })}\n`
              : `127.0.0.1:${local} leads to ${host}:${forwarded.port}\n`,
          ),
        refused: (why) => context.stderr.write(`knot: ${why}\n`),
      });
    });
}

/** As of a port in a space; `5432:0` where the SRV records of the name say the port. */
function parseServicePort(text: string, parse: (text: string) => ForwardedPort): ForwardedPort {
  const [, local] = /^(\d{1,5}):0$/.exec(text) ?? [];
  return local === undefined ? parse(text) : { ...parse(`${local}:1`), port: 0 };
}

function portOrNone(text: string): number {
  return text === '0' ? 0 : parsePort(text);
}
