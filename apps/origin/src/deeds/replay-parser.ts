import type { IdempotencyRow } from '@knot/shared/store';

/** The answer that `Deeds` stored under the same key for the same request, so of the same type. */
export function replayedAnswer<T>(row: IdempotencyRow): T {
  return row.response as T;
}
