import type { UsageBucket, UsagePeak } from '@knot/domain';
import type { BaseRow } from './base-row.js';

/**
 * What somebody used at most in each bucket of a day or a month. id is `<subject>/<bucket>/<its first day, as 2026-11-29>`,
 * the subject `all`, `user:<id>` or `group:<id>`.
 */
export interface UsageRow extends BaseRow {
  readonly subject: string;
  readonly bucket: UsageBucket;
  readonly since: number;
  /** One of each bucket; null: nothing was seen. */
  readonly peaks: readonly (UsagePeak | null)[];
  readonly keptUntil: number;
}
