import { expect, it } from 'vitest';
import { duration, momentOfWall, setZone, wallTime } from './format-time.js';

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

it('reads and writes times of a field in the user’s zone, also where clocks are set', () => {
  setZone('America/New_York');
  const before = Date.UTC(2026, 2, 8, 6, 59);
  const after = Date.UTC(2026, 2, 8, 7, 1);
  expect([before, after].map(wallTime)).toEqual(['2026-03-08T01:59', '2026-03-08T03:01']);
  expect(['2026-03-08T01:59', '2026-03-08T03:01'].map(momentOfWall)).toEqual([before, after]);
  setZone('Asia/Kathmandu');
  expect(momentOfWall(wallTime(before))).toBe(before);
  expect(momentOfWall('')).toBeNaN();
  expect(wallTime(NaN)).toBe('');
  setZone('');
});
