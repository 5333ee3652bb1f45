import type { IBuffer, IBufferLine } from '@xterm/xterm';

/** All that a terminal holds, as one text: what was printed as one line is one here, however many rows it takes. */
export interface ScreenText {
  readonly text: string;
  /** Where each row begins in it. */
  readonly rows: readonly number[];
}

/** From one cell of a screen up to another, without it. */
export interface ScreenRange {
  readonly row: number;
  readonly column: number;
  readonly endRow: number;
  readonly endColumn: number;
}

export function screenText(buffer: IBuffer): ScreenText {
  const rows: number[] = [];
  const parts: string[] = [];
  let length = 0;
  for (let row = 0; row < buffer.length; row += 1) {
    const line = buffer.getLine(row);
    if (!line) break;
    const next = buffer.getLine(row + 1);
    const part = next?.isWrapped ? textOfWrapped(line, next) : `${line.translateToString(true)}\n`;
    rows.push(length);
    parts.push(part);
    length += part.length;
  }
  return { text: parts.join(''), rows };
}

/** A wide letter that had no room leaves its row's last cell empty, which is no blank. */
function textOfWrapped(line: IBufferLine, next: IBufferLine): string {
  const isLeftOut = line.getCell(line.length - 1)?.getCode() === 0 && next.getCell(0)?.getWidth() === 2;
  return line.translateToString(false, 0, isLeftOut ? line.length - 1 : line.length);
}

/** Where the words stand in a text, upper and lower case alike. */
export function placesOf(words: string, text: string): readonly number[] {
  const escaped = words.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  return Array.from(text.matchAll(new RegExp(escaped, 'giu')), ({ index }) => index);
}

/** The cells of a part of the text. */
export function rangeOf(buffer: IBuffer, { rows }: ScreenText, from: number, length: number): ScreenRange {
  const row = rowAt(rows, from);
  const endRow = rowAt(rows, from + length - 1);
  return {
    row,
    column: columnAt(buffer.getLine(row), from - (rows[row] ?? 0)),
    endRow,
    endColumn: columnAt(buffer.getLine(endRow), from + length - (rows[endRow] ?? 0)),
  };
}

/** The last row that begins there or before. */
export function rowAt(rows: readonly number[], place: number): number {
  let [low, high] = [0, rows.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((rows[middle] ?? 0) <= place) low = middle;
    else high = middle;
  }
  return low;
}

/** A wide letter has two cells, and one with accents several characters in one. */
function columnAt(line: IBufferLine | undefined, characters: number): number {
  let column = 0;
  for (let left = characters; left > 0;) {
    const cell = line?.getCell(column);
    if (!cell) break;
    left -= cell.getChars().length || 1;
    column += cell.getWidth() || 1;
  }
  return column;
}
