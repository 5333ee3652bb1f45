import { expect, it } from 'vitest';
import { indentAt, offsetOf } from './text-position.js';

it('finds a line and column in a text', () => {
  expect(offsetOf('ab\ncde\n', 1, 1)).toBe(0);
  expect(offsetOf('ab\ncde\n', 2, 3)).toBe(5);
});

it('stays within the text and the line', () => {
  expect(offsetOf('ab\ncde', 1, 99)).toBe(2);
  expect(offsetOf('ab\ncde', 99, 1)).toBe(6);
});

it('indents to the next even column', () => {
  expect(indentAt('a', 1, 1)).toBe(' ');
  expect(indentAt('a\nbb', 4, 4)).toBe('  ');
  expect(indentAt('abc', 0, 2)).toBe('ab');
});
