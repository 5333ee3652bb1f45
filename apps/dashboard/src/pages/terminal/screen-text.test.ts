import { Terminal } from '@xterm/xterm';
import { describe, expect, it } from 'vitest';
import { placesOf, rangeOf, screenText } from './screen-text.js';

/** A real one, of 20 columns and 5 rows, that has printed this. */
async function printed(output: string): Promise<Terminal> {
  const screen = new Terminal({ cols: 20, rows: 5, scrollback: 10_000 });
  await new Promise<void>((resolve) => screen.write(output, resolve));
  return screen;
}

async function found(output: string, words: string) {
  const { buffer } = await printed(output);
  const all = screenText(buffer.active);
  return placesOf(words, all.text).map((place) => {
    const { row, column, endRow, endColumn } = rangeOf(buffer.active, all, place, words.length);
    return [row, column, endRow, endColumn];
  });
}

describe('words on the screen of a terminal', () => {
  it('are found in each line, also in what has gone up', async () => {
    const lines = Array.from({ length: 12 }, (_, nth) => `line ${nth}`).join('\r\n');
    expect(await found(lines, 'line 1')).toEqual([
      [1, 0, 1, 6],
      [10, 0, 10, 6],
      [11, 0, 11, 6],
    ]);
  });

  it('are found over the end of a row, but not over the end of a line', async () => {
    expect(await found(`${'x'.repeat(17)}needle`, 'needle')).toEqual([[0, 17, 1, 3]]);
    expect(await found(`${'x'.repeat(17)}nee\r\ndle`, 'needle')).toEqual([]);
    expect(await found(`${'x'.repeat(14)}needle${'y'.repeat(5)}`, 'needle')).toEqual([[0, 14, 0, 20]]);
  });

  it('are found in upper and lower case, and none of their characters means something else', async () => {
    expect(await found('GRÜSSE grüsse', 'grüsse')).toHaveLength(2);
    expect(await found('a.b (c) [d] {e} f|g \\', '.b (c) [')).toHaveLength(1);
    expect(await found('abc', 'a.c')).toEqual([]);
    expect(await found('a-b/c', '-b/')).toHaveLength(1);
  });

  it('are found behind wide letters and accents by the cells that they take', async () => {
    expect(await found('日本 needle', 'needle')).toEqual([[0, 5, 0, 11]]);
    expect(await found('e\u0301e\u0301 needle', 'needle')).toEqual([[0, 3, 0, 9]]);
    // the ninth has no room in the first row
    expect(await found(`x${'日'.repeat(9)}本語`, '日本語')).toEqual([[0, 17, 1, 4]]);
  });
});
