import type { Command } from 'commander';
import type { CommandContext } from '../command-context.js';
import { withExample } from '../example.js';

/** `knot agent`: the same program as knot-agent, for images that have the whole of knot. */
export function registerAgent(program: Command, { env, stderr }: CommandContext): void {
  const agent = program
    .command('agent')
    .description('run inside a space: join its leaf, so that people get a terminal there')
    .argument('[flags...]', 'those of knot-agent; the environment of the space has all that is needed')
    // they are read by the agent
    .allowUnknownOption();
  withExample(agent, 'knot agent', 'knot agent --http-port 8080=Web').action(async (flags: string[]) => {
    const { runAgent } = await import('@knot/agent');
    await runAgent(flags, env, (text) => stderr.write(text));
  });
}
