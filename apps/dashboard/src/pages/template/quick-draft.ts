import type { QuickForm } from '@knot/domain';

/** The quick form as it is written; every field is text. */
export interface QuickDraft {
  readonly image: string;
  /** One line, as a shell has it: words, quoted where they hold blanks. */
  readonly command: string;
  /** NAME=value, one per line. */
  readonly env: string;
  readonly cpu: string;
  readonly memory: string;
  readonly home: string;
  readonly homePath: string;
  /** 8080=Shop, one per line. */
  readonly ports: string;
}

export const EMPTY_DRAFT: QuickDraft = {
  image: '',
  command: '',
  env: '',
  cpu: '',
  memory: '',
  home: '',
  homePath: '/home',
  ports: '',
};

export function quickFormOf({ command, env, ports, ...draft }: QuickDraft): QuickForm {
  const variables = Object.fromEntries(linesOf(env).map(variableOf));
  const named = linesOf(ports).map((line) => line.trim());
  return { ...trimmed(draft), command: wordsOf(command), env: variables, ports: named };
}

function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}

function trimmed<T extends Readonly<Record<string, string>>>(draft: T): T {
  return { ...draft, ...Object.fromEntries(Object.entries(draft).map(([name, text]) => [name, text.trim()])) };
}

/** A line without = is a name that cannot be, so that the form says so. */
function variableOf(line: string): [string, string] {
  const at = line.indexOf('=');
  return at < 0 ? [line, ''] : [line.slice(0, at).trim(), line.slice(at + 1)];
}

/** Words between blanks; quotes hold one together, and a backslash takes the letter after it as it is. */
export function wordsOf(line: string): string[] {
  const pieces = line.match(/(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"?|'[^']*'?)+/gs) ?? [];
  return pieces.map((piece) =>
    piece.replace(
      /\\(.)|"((?:[^"\\]|\\.)*)"?|'([^']*)'?/gs,
      (_all, letter?: string, double?: string, single?: string) =>
        letter ?? single ?? (double ?? '').replace(/\\(["\\$`])/g, '$1'),
    ),
  );
}
