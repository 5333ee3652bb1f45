import { expect, it } from 'vitest';
import { duration } from './format-time.js';

it('tells a duration as people do', () => {
  expect([-5, 38, 1_400, 12_900, 185_000, 7_800_000, 260_000_000].map(duration)).toEqual([
    '0 ms',
    '38 ms',
    '1.4 s',
    '12 s',
    '3 min 5 s',
    '2 h 10 min',
    '3 days',
  ]);
});
