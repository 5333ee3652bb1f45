/** Index in the text of a line and column that count from 1; the nearest one where the text is shorter. */
export function offsetOf(text: string, line: number, column: number): number {
  const lines = text.split('\n');
  const before = lines.slice(0, line - 1).reduce((sum, { length }) => sum + length + 1, 0);
  return Math.min(text.length, before + Math.min(column - 1, lines[line - 1]?.length ?? 0));
}

/** What the Tab key puts in place of the selection: up to the next even column. */
export function indentAt(text: string, from: number, to: number): string {
  const column = from - (text.lastIndexOf('\n', from - 1) + 1);
  return to > from ? text.slice(from, to) : ' '.repeat(2 - (column % 2));
}
