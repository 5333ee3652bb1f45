import { describe, expect, it } from 'vitest';
import { bytesOf } from './size.js';

describe('a size', () => {
  it.each([
    ['10G', 10 * 2 ** 30],
    ['512M', 512 * 2 ** 20],
    ['1K', 1024],
    ['7B', 7],
    ['123', 123],
    [123, 123],
    ['1.5GiB', 1.5 * 2 ** 30],
    [' 2 gb ', 2 * 2 ** 30],
    ['0', 0],
  ])('%s is %i bytes', (text, bytes) => expect(bytesOf(text)).toBe(bytes));

  it.each(['', 'much', '10X', '-1G', '1e9', 'G', '10 10', '99999999999P', 'NaN', '0x10'])('%s is none', (text) => {
    expect(bytesOf(text)).toBeNull();
  });
});
