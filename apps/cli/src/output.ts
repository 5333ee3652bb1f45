import { toKnotError } from '@knot/shared/errors';
import type { CommandContext, TextSink } from './command-context.js';

/** One JSON value with an end of line, for `--json`. */
export function printJson(sink: TextSink, value: unknown): void {
  sink.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** Columns with two spaces between them; the last one is as long as it wants to be. */
export function printTable(sink: TextSink, titles: readonly string[], rows: readonly (readonly string[])[]): void {
  const lines = [titles.map((title) => title.toUpperCase()), ...rows];
  const widths = titles.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  const pad = (text: string, column: number): string => text.padEnd(widths[column] ?? 0);
  for (const line of lines) sink.write(`${line.map(pad).join('  ').trimEnd()}\n`);
}

/** What happened and what to do about it; never the stack, which helps no user. */
export function printError({ stderr }: Pick<CommandContext, 'stderr'>, thrown: unknown): void {
  const { message, hint } = toKnotError(thrown);
  stderr.write(`knot: ${message}\n`);
  if (hint !== '') stderr.write(`${hint}\n`);
}
