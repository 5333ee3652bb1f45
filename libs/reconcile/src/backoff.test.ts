import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { backoffMs, DEFAULT_BACKOFF } from './backoff.js';

const low = () => 0;
const high = () => 1 - 2 ** -53;

test('the first wait is 50 to 100 ms and the range doubles up to 5 minutes', () => {
  expect(backoffMs(1, DEFAULT_BACKOFF, low)).toBe(50);
  expect(backoffMs(1, DEFAULT_BACKOFF, high)).toBeCloseTo(100);
  expect(backoffMs(4, DEFAULT_BACKOFF, high)).toBeCloseTo(800);
  expect(backoffMs(30, DEFAULT_BACKOFF, high)).toBeCloseTo(300_000);
});

test.prop([fc.integer({ min: 1, max: 5_000 }), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })])(
  'a wait never leaves the range from the shortest to the longest',
  (failures, drawn) => {
    const wait = backoffMs(failures, DEFAULT_BACKOFF, () => drawn);
    expect(wait).toBeGreaterThanOrEqual(50);
    expect(wait).toBeLessThanOrEqual(300_000);
  },
);
