import {
  USAGE_BUCKETS,
  peakOf,
  raisedPeaks,
  usageKeptUntil,
  usagePeriod,
  type Usage,
  type UsagePeriod,
} from '@knot/domain';
import type { Clock, ClockTimer, Logger } from '@knot/shared';
import { toKnotError } from '@knot/shared/errors';
import type { Store, Write } from '@knot/shared/store';
import type { Fence, LeaderLease } from '../origins/leader-lease.js';
import type { UsageCount } from './usage-count.js';
import { usageId } from './usage-id.js';

/** After the start of an origin, so that a history begins before somebody looks for it. */
const FIRST_MS = 5_000;
const EVERY_MS = 10 * 60_000;
/** Rows of a commit. */
const PAGE = 200;

/**
 * Looks now and then at what is used and keeps the most of each hour and each day. A row holds a day of hours or a month
 * of days of somebody, and is written only where a peak has risen: whoever has no space costs nothing.
 */
export class UsageSampling {
  private timer: ClockTimer | null = null;
  private running: Promise<void> = Promise.resolve();
  private closed = false;

  constructor(
    private readonly ports: {
      readonly store: Store;
      readonly clock: Clock;
      readonly logger: Logger;
      /** Of several origins one looks at a time; two that look one after the other do no harm. */
      readonly leader: LeaderLease;
      readonly count: UsageCount;
    },
  ) {}

  start(): void {
    this.after(FIRST_MS);
  }

  async close(): Promise<void> {
    this.closed = true;
    this.timer?.clear();
    await this.running;
  }

  async sample(): Promise<void> {
    const { clock, count, leader } = this.ports;
    await leader.lead(async (fence) => {
      const counted = [...(await count.now())];
      const at = clock.now();
      for (let from = 0; from < counted.length; from += PAGE) {
        for (const bucket of USAGE_BUCKETS) {
          await this.raise(counted.slice(from, from + PAGE), usagePeriod(bucket, at), at, fence);
        }
      }
      await this.forget(at, fence);
    });
  }

  private after(ms: number): void {
    if (this.closed) return;
    this.timer = this.ports.clock.setTimeout(() => {
      this.running = this.look().then(() => this.after(EVERY_MS));
    }, ms);
  }

  private async look(): Promise<void> {
    try {
      await this.sample();
    } catch (error) {
      this.ports.logger.warn({ err: toKnotError(error) }, 'usage is looked at again in some minutes');
    }
  }

  private async raise(
    counted: readonly (readonly [string, Usage])[],
    period: UsagePeriod,
    at: number,
    fence: Fence,
  ): Promise<void> {
    const ids = counted.map(([subject]) => usageId(subject, period));
    const known = new Map((await this.ports.store.getMany('usage', ids)).map((row) => [row.id, row.peaks]));
    const writes = counted.flatMap(([subject, usage]): readonly Write[] => {
      const id = usageId(subject, period);
      const peaks = raisedPeaks(period, known.get(id) ?? [], at, peakOf(usage));
      if (peaks === null) return [];
      return [{ put: 'usage', row: { id, subject, ...period, peaks, keptUntil: usageKeptUntil(period) } }];
    });
    await this.commit(writes, fence);
  }

  private async forget(at: number, fence: Fence): Promise<void> {
    for (;;) {
      const { rows } = await this.ports.store.page('usage', { sort: { field: 'keptUntil' }, limit: PAGE });
      const over = rows.filter(({ keptUntil }) => keptUntil < at);
      await this.commit(
        over.map(({ id }) => ({ delete: 'usage', id })),
        fence,
      );
      if (over.length < PAGE) return;
    }
  }

  private async commit(writes: readonly Write[], fence: Fence): Promise<void> {
    if (writes.length > 0) await this.ports.store.commit({ expect: [await fence()], writes });
  }
}
