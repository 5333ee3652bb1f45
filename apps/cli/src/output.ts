import { toKnotError } from '@knot/shared/errors';
import type { CommandContext, TextSink } from './command-context.js';

/** One JSON value with an end of line, for `--json`. */
export function printJson(sink: TextSink, value: unknown): void {
  sink.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** Text of others without the signs that would steer a terminal. */
export function plain(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '?');
}

/** Columns with two spaces between them; the last one is as long as it wants to be. */
export function printTable(sink: TextSink, titles: readonly string[], rows: readonly (readonly string[])[]): void {
  const cells = rows.map((row) => row.map((cell) => plain(cell).replaceAll(/\s+/g, ' ')));
  const lines = [titles.map((title) => title.toUpperCase()), ...cells];
  const widths = titles.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  const pad = (text: string, column: number): string => text.padEnd(widths[column] ?? 0);
  for (const line of lines) sink.write(`${line.map(pad).join('  ').trimEnd()}\n`);
}

/** A table under a title, set in by two; nothing at all where it has no rows. */
export function printSection(
  sink: TextSink,
  title: string,
  titles: readonly string[],
  rows: readonly (readonly string[])[],
): void {
  if (rows.length === 0) return;
  sink.write(`\n${title}:\n`);
  printTable({ write: (text) => sink.write(`  ${text}`) }, titles, rows);
}

/** Names with their values, one a line; those without a value are left out. */
export function printFacts(sink: TextSink, facts: readonly (readonly [name: string, value: string])[]): void {
  const given = facts.filter(([, value]) => value !== '');
  const width = Math.max(...given.map(([name]) => name.length));
  for (const [name, value] of given) sink.write(`${`${name}:`.padEnd(width + 2)} ${plain(value)}\n`);
}

/** What happened and what to do about it; never the stack, which helps no user. */
export function printError({ stderr }: Pick<CommandContext, 'stderr'>, thrown: unknown): void {
  const { message, hint } = toKnotError(thrown);
  stderr.write(`knot: ${plain(message)}\n`);
  if (hint !== '') stderr.write(`${plain(hint)}\n`);
}
