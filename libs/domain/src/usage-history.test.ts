import { expect, it } from 'vitest';
import {
  raisedPeaks,
  usageKeptUntil,
  usagePeriod,
  usagePeriods,
  usagePoints,
  type UsagePeak,
} from './usage-history.js';

const NOON = Date.UTC(2026, 10, 29, 12, 30);
const DAY = usagePeriod('hour', NOON);
const MONTH = usagePeriod('day', NOON);
const one: UsagePeak = [3, 1, 2, 4];

it('a period of hours is a day and one of days a month, by UTC', () => {
  expect(DAY).toEqual({ bucket: 'hour', since: Date.UTC(2026, 10, 29) });
  expect(MONTH).toEqual({ bucket: 'day', since: Date.UTC(2026, 10, 1) });
});

it('the periods of a time hold its first and its last moment', () => {
  const since = Date.UTC(2026, 0, 31, 23);
  expect(usagePeriods('day', since, Date.UTC(2026, 2, 1) + 1).map((period) => period.since)).toEqual([
    Date.UTC(2026, 0, 1),
    Date.UTC(2026, 1, 1),
    Date.UTC(2026, 2, 1),
  ]);
  expect(usagePeriods('hour', since, Date.UTC(2026, 1, 1))).toHaveLength(1);
  expect(usagePeriods('hour', since, since)).toEqual([]);
});

it('a peak rises figure by figure, and what is no more than it changes nothing', () => {
  const first = raisedPeaks(DAY, [], NOON, one);
  expect(first).toEqual([...Array.from({ length: 12 }, () => null), one]);
  expect(raisedPeaks(DAY, first ?? [], NOON, [2, 1, 0, 4])).toBeNull();
  expect(raisedPeaks(DAY, first ?? [], NOON, [1, 2, 0, 0])?.at(-1)).toEqual([3, 2, 2, 4]);
});

it('who used nothing while somebody looked has a point of zeros, and a time without a look has none', () => {
  const hour = 3_600_000;
  const looked = [null, [9, 9, 9, 9], [8, 8, 8, 8]] as const;
  expect(usagePoints(DAY, looked, [null, null, one])).toEqual([
    { at: DAY.since + hour, peak: [0, 0, 0, 0] },
    { at: DAY.since + 2 * hour, peak: one },
  ]);
});

it('a row is kept until the last of its buckets is too old', () => {
  const day = 86_400_000;
  expect(usageKeptUntil(DAY)).toBe(Date.UTC(2026, 10, 30) + 31 * day);
  expect(usageKeptUntil(MONTH)).toBe(Date.UTC(2026, 11, 1) + 731 * day);
});
