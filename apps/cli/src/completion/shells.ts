import type { CommandNode } from './command-tree.js';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** A script that completes commands and flags in this shell. It calls nothing, so that Tab is instant. */
export function completionScript(shell: Shell, tree: readonly CommandNode[]): string {
  switch (shell) {
    case 'bash':
      return bashScript(tree);
    case 'zsh':
      return `#compdef knot\n${zshScript(tree)}`;
    case 'fish':
      return fishScript(tree);
  }
}

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

function wordsOf({ commands, flags }: CommandNode): string[] {
  return [...commands, ...flags].map(({ name }) => name);
}

/** The paths of all commands but the first, as a pattern of `case`. */
function pathPattern(tree: readonly CommandNode[]): string {
  return tree
    .slice(1)
    .map(({ path }) => quote(path))
    .join('|');
}

function bashScript(tree: readonly CommandNode[]): string {
  const cases = tree.map((node) => `    ${quote(node.path)}) words=${quote(wordsOf(node).join(' '))} ;;`);
  return `_knot() {
  local current="\${COMP_WORDS[COMP_CWORD]}" path=knot words='' i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$path \${COMP_WORDS[i]}" in
      ${pathPattern(tree)}) path="$path \${COMP_WORDS[i]}" ;;
    esac
  done
  case "$path" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _knot knot
`;
}

function zshScript(tree: readonly CommandNode[]): string {
  const described = (node: CommandNode): string =>
    [...node.commands, ...node.flags]
      .map(({ name, help }) => quote(`${name.replaceAll(':', '\\:')}:${help}`))
      .join(' ');
  const cases = tree.map((node) => `    ${quote(node.path)}) choices=(${described(node)}) ;;`);
  return `_knot() {
  local where=knot word
  local -a choices
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$where $word" in
      ${pathPattern(tree)}) where="$where $word" ;;
    esac
  done
  case "$where" in
${cases.join('\n')}
  esac
  _describe 'knot' choices || _files
}
compdef _knot knot
`;
}

function fishScript(tree: readonly CommandNode[]): string {
  const lines = tree.flatMap((node) => {
    const condition = `-n ${quote(`test (__knot_path) = ${JSON.stringify(node.path)}`)}`;
    return [
      ...node.commands.map(({ name, help }) => `complete -c knot -f ${condition} -a ${name} -d ${quote(help)}`),
      ...node.flags.map(({ name, help, takesValue }) => {
        const value = takesValue ? ' -r' : '';
        return `complete -c knot ${condition} -l ${name.replace(/^--/, '')}${value} -d ${quote(help)}`;
      }),
    ];
  });
  const paths = tree
    .slice(1)
    .map(({ path }) => quote(path))
    .join(' ');
  return `function __knot_path
  set -l path knot
  for word in (commandline -opc)[2..-1]
    if contains -- "$path $word" ${paths}
      set path "$path $word"
    end
  end
  echo $path
end
${lines.join('\n')}
`;
}
