import { isUser, RefusedInsertion, type Insertion } from './format-scanner.js';
import type { YamlBlock } from './yaml-follower.js';

const QUOTES = 'Put it in double quotes, or write | quote.';

/** What YAML can hold only as an escape in double quotes, or what some readers take for a line break. */
// eslint-disable-next-line no-control-regex -- control characters are what this is about
const UNPRINTABLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/;

/** The value with the line breaks of YAML. @throws RefusedInsertion when it cannot stand outside of double quotes */
export function printable(insertion: Insertion): string {
  const text = insertion.text.toWellFormed().replaceAll('\r\n', '\n');
  if (UNPRINTABLE.test(text))
    throw new RefusedInsertion(insertion, 'holds characters that YAML can only write in double quotes', QUOTES);
  return text;
}

/** The lines of a value in a block scalar, indented as the block is. `column` is where the insertion stands. */
export function blockLines(insertion: Insertion, block: YamlBlock, column: number): string {
  const text = printable(insertion);
  if (text === '') return '';
  const lines = text.split('\n');
  const indent = block.indent ?? column;
  const ownIndent = !block.hasText && (block.indent === undefined ? column <= block.parent : column < block.indent);
  if (ownIndent) return withOwnIndent(insertion, block, lines, column);
  if (block.indent === undefined && /^[ \t\n]/.test(text)) {
    const problem = 'begins with white space, from which YAML cannot tell where its block begins';
    throw new RefusedInsertion(insertion, problem, 'Say it in the header of the block, such as |2.');
  }
  if (lines.length === 1) return text;
  if (indent === 0)
    throw new RefusedInsertion(insertion, 'has several lines in a block that is not indented', 'Indent it.');
  if (block.folded) return foldedLines(insertion, lines, indent);
  return lines
    .map((line, index) => (index > 0 && (line !== '' || index === lines.length - 1) ? ' '.repeat(indent) + line : line))
    .join('\n');
}

/** A value further left than its block, as `indent` and `nindent` make it: each of its lines must bring its own indentation. */
function withOwnIndent(insertion: Insertion, block: YamlBlock, lines: readonly string[], column: number): string {
  let needed = block.indent;
  lines.forEach((line, index) => {
    const own = /^ */.exec(line)?.[0].length ?? 0;
    if (own === line.length && (index < lines.length - 1 || !isUser(insertion))) return;
    const at = own + (index === 0 ? column : 0);
    needed ??= at;
    if (at < needed || at <= block.parent) {
      const hint = `Write | indent ${Math.max(block.indent ?? 0, block.parent + 2)}, or put it where the lines of the block begin.`;
      throw new RefusedInsertion(insertion, 'has lines that stand further left than the block they belong to', hint);
    }
  });
  return lines.join('\n');
}

/** In a folded block a line break is written as two, which holds only between lines that begin at the margin. */
function foldedLines(insertion: Insertion, lines: readonly string[], indent: number): string {
  if (lines.some((line) => /^[ \t]/.test(line) || line === '')) {
    const problem = 'has empty or indented lines, which a folded block would change';
    throw new RefusedInsertion(insertion, problem, 'Write | in place of >.');
  }
  return lines.join(`\n\n${' '.repeat(indent)}`);
}
