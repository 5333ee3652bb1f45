import { Argument, type Command } from 'commander';
import type { CommandContext } from '../command-context.js';
import { commandTree } from '../completion/command-tree.js';
import { SHELLS, completionScript, type Shell } from '../completion/shells.js';
import { withExample } from '../example.js';

/** `knot completion bash | zsh | fish` */
export function registerCompletion(program: Command, context: CommandContext): void {
  const command = program
    .command('completion')
    .description('print a script that completes commands and flags in your shell')
    .addArgument(new Argument('<shell>', 'your shell').choices(SHELLS));
  withExample(command, 'source <(knot completion bash)', 'knot completion fish > ~/.config/fish/completions/knot.fish');
  command.action((shell: Shell) => runCompletion(context, program, shell));
}

export function runCompletion({ stdout }: CommandContext, program: Command, shell: Shell): void {
  stdout.write(completionScript(shell, commandTree(program)));
}
