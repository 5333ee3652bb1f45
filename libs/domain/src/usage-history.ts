import type { Usage } from './quota.js';

export const USAGE_BUCKETS = ['hour', 'day'] as const;

export type UsageBucket = (typeof USAGE_BUCKETS)[number];

/** Spaces, running ones, compute and storage units: the most that were seen at once. */
export type UsagePeak = readonly [number, number, number, number];

/** A run of buckets that is kept as one: a day of hours, a month of days, both of UTC, which knows no daylight saving. */
export interface UsagePeriod {
  readonly bucket: UsageBucket;
  /** Its first moment. */
  readonly since: number;
}

/** A bucket of a history; none where nobody looked. */
export interface UsagePoint {
  /** Its first moment. */
  readonly at: number;
  readonly peak: UsagePeak;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export const BUCKET_MS: { readonly [B in UsageBucket]: number } = { hour: HOUR_MS, day: DAY_MS };

/** How long buckets are kept. */
export const USAGE_KEPT_MS: { readonly [B in UsageBucket]: number } = { hour: 31 * DAY_MS, day: 731 * DAY_MS };

const NOTHING: UsagePeak = [0, 0, 0, 0];

export function peakOf({ maxSpaces, maxRunning, computeUnits, storageUnits }: Usage): UsagePeak {
  return [maxSpaces, maxRunning, computeUnits, storageUnits];
}

/** The period that a moment is in. */
export function usagePeriod(bucket: UsageBucket, at: number): UsagePeriod {
  const date = new Date(at);
  const day = bucket === 'hour' ? date.getUTCDate() : 1;
  return { bucket, since: Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), day) };
}

/** The periods of a time, the oldest first. */
export function usagePeriods(bucket: UsageBucket, since: number, until: number): readonly UsagePeriod[] {
  const periods: UsagePeriod[] = [];
  for (let at = since; at < until; at = endOf(periods.at(-1) ?? usagePeriod(bucket, at))) {
    periods.push(usagePeriod(bucket, at));
  }
  return periods;
}

/** How long the row of a period is kept: until the last of its buckets is too old. */
export function usageKeptUntil(period: UsagePeriod): number {
  return endOf(period) + USAGE_KEPT_MS[period.bucket];
}

/** The peaks of a period with what was seen now; null where that is no more than they say already. */
export function raisedPeaks(
  { bucket, since }: UsagePeriod,
  peaks: readonly (UsagePeak | null)[],
  at: number,
  seen: UsagePeak,
): readonly (UsagePeak | null)[] | null {
  const slot = Math.floor((at - since) / BUCKET_MS[bucket]);
  const known = peaks[slot] ?? null;
  if (known !== null && seen.every((figure, index) => figure <= (known[index] ?? 0))) return null;
  const raised: UsagePeak = known === null ? seen : higher(known, seen);
  return Array.from({ length: Math.max(peaks.length, slot + 1) }, (_, index) =>
    index === slot ? raised : (peaks[index] ?? null),
  );
}

/** The buckets of a period that somebody looked at; `looked` are those of everybody: who is not seen then used nothing. */
export function usagePoints(
  { bucket, since }: UsagePeriod,
  looked: readonly (UsagePeak | null)[],
  peaks: readonly (UsagePeak | null)[],
): readonly UsagePoint[] {
  return looked.flatMap((seen, slot) =>
    seen === null ? [] : [{ at: since + slot * BUCKET_MS[bucket], peak: peaks[slot] ?? NOTHING }],
  );
}

function higher(one: UsagePeak, other: UsagePeak): UsagePeak {
  const [spaces, running, compute, storage] = one;
  const [otherSpaces, otherRunning, otherCompute, otherStorage] = other;
  return [
    Math.max(spaces, otherSpaces),
    Math.max(running, otherRunning),
    Math.max(compute, otherCompute),
    Math.max(storage, otherStorage),
  ];
}

/** The first moment after a period. */
function endOf({ bucket, since }: UsagePeriod): number {
  if (bucket === 'hour') return since + DAY_MS;
  const date = new Date(since);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}
