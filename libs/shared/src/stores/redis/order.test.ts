import { describe, expect } from 'vitest';
import { fc, it } from '@fast-check/vitest';
import { memberOf, orderOfNumber, orderOfText } from './order.js';

const bytes = (text: string): Buffer => Buffer.from(text, 'utf8');
const ordered = (a: string, b: string): number => Math.sign(Buffer.compare(bytes(a), bytes(b)));
const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: fc.constantFrom('\0', '\x01', '\x02', 'a') }));

describe('the order of an index in Redis', () => {
  it.prop([text, text, text, text])('is that of the texts, then of the ids', (a, b, idA, idB) => {
    const expected = ordered(a, b) || ordered(idA, idB);
    expect(ordered(memberOf(orderOfText(a), idA), memberOf(orderOfText(b), idB))).toBe(expected);
    expect(orderOfText(a).includes('\0')).toBe(false);
  });

  it.prop([fc.maxSafeInteger(), fc.maxSafeInteger()])('is that of the numbers, also below zero', (a, b) => {
    expect(ordered(orderOfNumber(a), orderOfNumber(b))).toBe(Math.sign(a - b));
  });
});
