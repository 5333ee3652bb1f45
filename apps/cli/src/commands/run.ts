import type { Command } from 'commander';
import type { ClientChannel } from 'ssh2';
import { clientCommand } from '../client/client-command.js';
import { openClient } from '../client/open-client.js';
import type { CommandContext } from '../command-context.js';
import { CommandEnded } from '../exit-codes.js';
import { reachSpace } from '../ways/reach-space.js';

/** What a shell gives for a program that a signal has ended, without the signal's number. */
const BY_SIGNAL = 128;

/** `knot run <space> -- <command>`, or a shell */
export function registerRun(program: Command, context: CommandContext): void {
  const run = clientCommand(program, 'run', {
    help: 'run a command inside a space, or your shell; it ends with the exit code of what was run',
    examples: [
      'knot run hello -- make test',
      'tar c src | knot run hello -- tar x',
      'knot run --tty hello -- top',
      'knot run hello',
    ],
  });
  run
    .argument('<space>', 'its name, owner/name, or id')
    .argument('[command...]', 'the program and its arguments, as they are; without one, your shell')
    .option('--tty', 'give it a terminal; a shell has one where you sit at one')
    .action(async (name: string, words: string[]) => {
      const { overSsh } = await import('../ssh/ssh-client.js');
      const client = openClient(context, run);
      const { id } = await reachSpace(client, name);
      const isShell = words.length === 0;
      const tty = run.opts<{ tty?: boolean }>().tty === true || (isShell && context.input.interactive);
      const command = words.map(inShell).join(' ');
      const code = await overSsh(
        client,
        id,
        (ssh) =>
          new Promise<number>((resolve, reject) => {
            const begun = (error: Error | undefined, channel: ClientChannel) => {
              if (error) reject(error);
              else attach(context, channel, tty, resolve);
            };
            const pty = tty && context.screen.size();
            if (isShell) ssh.shell(pty, begun);
            else ssh.exec(command, { ...(pty && { pty }) }, begun);
          }),
      );
      throw new CommandEnded(code);
    });
}

function attach(context: CommandContext, channel: ClientChannel, tty: boolean, done: (code: number) => void): void {
  const { pipes, screen, stderr } = context;
  let code = 1;
  const leave = tty ? screen.enter(({ cols, rows }) => channel.setWindow(rows, cols, 0, 0)) : () => undefined;
  pipes.input.pipe(channel);
  channel.pipe(pipes.output, { end: false });
  channel.stderr.on('data', (chunk: Buffer) => stderr.write(chunk.toString()));
  channel.once('exit', (given: number | null, signal?: string) => {
    code = given ?? BY_SIGNAL;
    if (signal) stderr.write(`knot: the command was ended by ${signal}\n`);
  });
  channel.once('close', () => {
    leave();
    pipes.input.unpipe(channel);
    // nothing more is read, so that the process can end
    pipes.input.destroy();
    done(code);
  });
}

/** A word as a shell takes it for one. */
function inShell(word: string): string {
  return /^[A-Za-z0-9_./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
