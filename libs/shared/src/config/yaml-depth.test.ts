import { describe, expect, it } from 'vitest';
import { isNestedDeeply } from './yaml-depth.js';

describe('a text is nested deeply', () => {
  it.each([
    ['brackets', '['.repeat(20_000)],
    ['braces', '{a: '.repeat(20_000)],
    ['brackets that comments seem to close', '[ # ]\n'.repeat(20_000)],
    ['brackets that strings seem to close', '["]", '.repeat(20_000)],
    ['lists on one line', '- '.repeat(20_000)],
    ['lists with tags', '- !!seq '.repeat(20_000)],
    ['keys on one line', '? '.repeat(20_000)],
  ])('by %s', (_, text) => {
    expect(isNestedDeeply(text)).toBe(true);
  });

  it.each([
    ['many things one after the other', '- { a: [1, 2], b: { c: "[[[" } } # [[[\n'.repeat(5_000)],
    ['one long line of JSON', JSON.stringify(Array.from({ length: 5_000 }, (_, n) => ({ n, a: [n] })))],
    ['a script with brackets', `run: |\n${'  if [[ -z "$x" ]]; then echo "{["; fi - - - -\n'.repeat(2_000)}`],
    ['a few levels', '{a: [{b: [{c: 1}]}]}'],
  ])('not by %s', (_, text) => {
    expect(isNestedDeeply(text)).toBe(false);
  });
});
