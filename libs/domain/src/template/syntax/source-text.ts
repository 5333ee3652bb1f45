import { TemplateError, type TemplateErrorKind } from '../template-error.js';

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The text of a template; turns offsets, which tokens and nodes carry, into lines and columns when one is asked for. */
export class SourceText {
  private lineStarts: number[] | undefined;

  constructor(readonly text: string) {}

  positionAt(offset: number): Position {
    const starts = (this.lineStarts ??= findLineStarts(this.text));
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  }

  error(kind: TemplateErrorKind, offset: number, message: string, hint = ''): TemplateError {
    const { line, column } = this.positionAt(offset);
    return new TemplateError(kind, line, column, message, hint);
  }
}

function findLineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
