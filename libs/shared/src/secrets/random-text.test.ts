import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { randomText } from './random-text.js';

describe('randomText', () => {
  it('gives as many letters and digits as asked for, never twice the same', () => {
    const texts = Array.from({ length: 200 }, () => randomText(32, randomBytes));
    expect(texts.every((text) => /^[A-Za-z0-9]{32}$/.test(text))).toBe(true);
    expect(new Set(texts).size).toBe(200);
  });

  it('leaves out the bytes that would make some characters likelier', () => {
    const bytes = [255, 248, 247, 0];
    const text = randomText(2, () => new Uint8Array(bytes.splice(0, 2)));
    expect(text).toBe('9A');
  });
});
