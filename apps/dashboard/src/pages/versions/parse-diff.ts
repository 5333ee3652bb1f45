export interface DiffLine {
  /** `head`: the place of what follows. */
  readonly kind: 'same' | 'added' | 'removed' | 'head';
  readonly text: string;
}

/** The lines of a unified diff of one text, without its two lines of names. */
export function parseDiff(diff: string): readonly DiffLine[] {
  return diff
    .replace(/\n$/, '')
    .split('\n')
    .filter((line, at) => !(at < 2 && /^(---|\+\+\+) /.test(line)))
    .map(lineOf);
}

function lineOf(line: string): DiffLine {
  switch (line[0]) {
    case '+':
      return { kind: 'added', text: line.slice(1) };
    case '-':
      return { kind: 'removed', text: line.slice(1) };
    case '@':
    case '\\':
      return { kind: 'head', text: line };
    default:
      return { kind: 'same', text: line.slice(1) };
  }
}
