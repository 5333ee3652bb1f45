import type { Command } from 'commander';

/** One command with what may follow it on the line. */
export interface CommandNode {
  /** The words that lead to it: `knot config check`. */
  readonly path: string;
  readonly commands: readonly { readonly name: string; readonly help: string }[];
  readonly flags: readonly { readonly name: string; readonly help: string; readonly takesValue: boolean }[];
}

/** Every command of the program, from the top down. */
export function commandTree(command: Command, above = ''): CommandNode[] {
  const path = above === '' ? command.name() : `${above} ${command.name()}`;
  const help = command.createHelp();
  const below = help.visibleCommands(command).filter((child) => child.name() !== 'help');
  const flags = help
    .visibleOptions(command)
    .flatMap(({ long, description, required }) =>
      long ? { name: long, help: description, takesValue: required } : [],
    );
  const commands = below.map((child) => ({ name: child.name(), help: child.description() }));
  return [{ path, commands, flags }, ...below.flatMap((child) => commandTree(child, path))];
}
