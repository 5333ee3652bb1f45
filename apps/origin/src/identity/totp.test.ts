import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBase32, matchingStep, stepAt, toBase32, totpCode } from './totp.js';

/** The key of RFC 6238, appendix B. */
const KEY = Buffer.from('12345678901234567890');

describe('one-time codes', () => {
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('are those of RFC 6238 at %d s', (seconds, code) => {
    expect(totpCode(KEY, stepAt(seconds * 1000))).toBe(code);
  });

  it('count within the window and never twice', () => {
    const now = 2_000_000_000_000;
    const step = stepAt(now);
    const at = (offset: number, last = 0) => matchingStep(KEY, totpCode(KEY, step + offset), { now, window: 1, last });
    expect([at(-2), at(-1), at(0), at(1), at(2)]).toEqual([null, step - 1, step, step + 1, null]);
    expect(at(0, step)).toBeNull();
    expect(at(-1, step)).toBeNull();
    expect(at(1, step)).toBe(step + 1);
  });

  it('come from a secret that survives its way as base32', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), (bytes) => {
        expect(fromBase32(toBase32(bytes))).toEqual(Uint8Array.from(bytes));
      }),
    );
    expect(toBase32(KEY)).toBe('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
  });
});
