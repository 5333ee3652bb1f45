import type { Command } from 'commander';
import { agentFile } from '../agent/agent-file.js';
import type { CommandContext } from '../command-context.js';
import { withExample } from '../example.js';

/** `knot agent`: the same program as knot-agent, for images that have the whole of knot. */
export function registerAgent(program: Command, context: CommandContext): void {
  const { env, stderr } = context;
  const agent = program
    .command('agent')
    .description('run inside a space: join its leaf, so that people get a terminal there')
    .argument('[flags...]', 'those of knot-agent; the environment of the space has all that is needed')
    .option('-c, --config <file>', 'a knot.yaml, whose section agent counts where flags and environment say nothing')
    // they are read by the agent
    .allowUnknownOption();
  withExample(agent, 'knot agent', 'knot agent --http-port 8080=Web').action(
    async (flags: string[], { config }: { readonly config?: string }) => {
      const { runAgent } = await import('@knot/agent');
      const file = agentFile(context, config);
      for (const text of file.warnings) stderr.write(`warning: ${text}\n`);
      const said = Object.entries(env).filter(([, value]) => value !== '');
      await runAgent(flags, { ...file.env, ...Object.fromEntries(said) }, (text) => stderr.write(text));
    },
  );
}
