import {
  BUCKET_MS,
  USAGE_KEPT_MS,
  peakOf,
  raisedPeaks,
  usagePeriod,
  usagePeriods,
  usagePoints,
  type Usage,
  type UsageBucket,
  type UsagePeak,
  type UsagePeriod,
} from '@knot/domain';
import { KnotError } from '@knot/shared/errors';
import type { Store } from '@knot/shared/store';
import { found } from '../deeds/check.js';
import { EVERYBODY, type UsageCount } from './usage-count.js';
import { usageId } from './usage-id.js';
import type { UsageHistoryDto, UsageQueryDto } from './usage.dto.js';

const DAY_MS = BUCKET_MS.day;
/** Looked back where nobody says how far. */
const USUAL_MS: { readonly [B in UsageBucket]: number } = { hour: 7 * DAY_MS, day: 90 * DAY_MS };
const NOTHING: Usage = { maxSpaces: 0, maxRunning: 0, computeUnits: 0, storageUnits: 0 };

interface Kept {
  readonly period: UsagePeriod;
  readonly looked: readonly (UsagePeak | null)[];
  readonly peaks: readonly (UsagePeak | null)[];
}

/** What was used over time: what is kept, and in its newest bucket what is used now. */
export class UsageHistory {
  constructor(
    private readonly store: Store,
    private readonly clock: { now(): number },
    private readonly count: UsageCount,
  ) {}

  ofAll(query: UsageQueryDto): Promise<UsageHistoryDto> {
    return this.of(EVERYBODY, query);
  }

  async ofUser(id: string, query: UsageQueryDto): Promise<UsageHistoryDto> {
    found(await this.store.get('user', id), 'user');
    return this.of(`user:${id}`, query);
  }

  async ofGroup(id: string, query: UsageQueryDto): Promise<UsageHistoryDto> {
    found(await this.store.get('group', id), 'group');
    return this.of(`group:${id}`, query);
  }

  private async of(subject: string, query: UsageQueryDto): Promise<UsageHistoryDto> {
    const now = this.clock.now();
    const { bucket, since, until } = rangeOf(query, now);
    const kept = await this.kept(subject, usagePeriods(bucket, since, until));
    const points = (await this.withNow(subject, kept, usagePeriod(bucket, now), now))
      .flatMap(({ period, looked, peaks }) => usagePoints(period, looked, peaks))
      .filter(({ at }) => at + BUCKET_MS[bucket] > since && at < until)
      .map(({ at, peak: [spaces, running, computeUnits, storageUnits] }) => {
        return { at, spaces, running, computeUnits, storageUnits };
      });
    return { bucket, since, until, points };
  }

  private async kept(subject: string, periods: readonly UsagePeriod[]): Promise<readonly Kept[]> {
    const ids = periods.flatMap((period) => [usageId(EVERYBODY, period), usageId(subject, period)]);
    const rows = await this.store.getMany('usage', [...new Set(ids)]);
    const peaksOf = new Map(rows.map(({ id, peaks }) => [id, peaks]));
    return periods.map((period) => ({
      period,
      looked: peaksOf.get(usageId(EVERYBODY, period)) ?? [],
      peaks: peaksOf.get(usageId(subject, period)) ?? [],
    }));
  }

  private async withNow(
    subject: string,
    kept: readonly Kept[],
    present: UsagePeriod,
    at: number,
  ): Promise<readonly Kept[]> {
    if (!kept.some(({ period }) => period.since === present.since)) return kept;
    const counted = await this.count.now();
    const raised = (before: readonly (UsagePeak | null)[], of: string) =>
      raisedPeaks(present, before, at, peakOf(counted.get(of) ?? NOTHING)) ?? before;
    return kept.map(({ period, looked, peaks }) =>
      period.since === present.since
        ? { period, looked: raised(looked, EVERYBODY), peaks: raised(peaks, subject) }
        : { period, looked, peaks },
    );
  }
}

function rangeOf(query: UsageQueryDto, now: number): { bucket: UsageBucket; since: number; until: number } {
  const { bucket = 'hour', until = now + 1 } = query;
  const since = query.since ?? until - USUAL_MS[bucket];
  if (since >= until) {
    const hint = 'Ask for a time that begins before it ends.';
    throw new KnotError('input.invalid', 'The history ends before it begins.', hint);
  }
  // nothing is kept from before, and nothing is known of what is to come
  return { bucket, since: Math.max(since, now - USAGE_KEPT_MS[bucket]), until: Math.min(until, now + 1) };
}
