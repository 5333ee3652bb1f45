import type { UsageBucket } from '@knot/domain';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** How long a figure of each kind holds, ms. */
export const BUCKET_MS: Readonly<Record<UsageBucket, number>> = { hour: HOUR, day: DAY };

interface Range {
  readonly bucket: UsageBucket;
  /** ms. */
  readonly length: number;
}

/** How far back one can look. */
export const RANGE_NAMES = ['day', 'week', 'month', 'year'] as const;

export type RangeName = (typeof RANGE_NAMES)[number];

export const RANGES: Readonly<Record<RangeName, Range>> = {
  day: { bucket: 'hour', length: DAY },
  week: { bucket: 'hour', length: 7 * DAY },
  month: { bucket: 'hour', length: 31 * DAY },
  year: { bucket: 'day', length: 365 * DAY },
};

export const MEASURES = ['running', 'spaces', 'computeUnits', 'storageUnits'] as const;

export type Measure = (typeof MEASURES)[number];

/** What the address says is shown; what it does not name is the week of running spaces. */
export function shownOf(params: URLSearchParams): { readonly range: RangeName; readonly measure: Measure } {
  const range = RANGE_NAMES.find((name) => name === params.get('range')) ?? 'week';
  const measure = MEASURES.find((name) => name === params.get('measure')) ?? 'running';
  return { range, measure };
}

/** The whole stretches of a range up to now. */
export function spanOf(name: RangeName, now: number): { readonly since: number; readonly until: number } {
  const { bucket, length } = RANGES[name];
  const step = BUCKET_MS[bucket];
  const until = Math.floor(now / step) * step + step;
  return { since: until - length, until };
}
