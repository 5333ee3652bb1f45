/** How often something was put back in a row, and when last (ms since the epoch). */
export interface PutBacks {
  readonly count: number;
  readonly lastAt: number;
}

/** So often it is put back at once; then after pauses that double, ms. */
export interface PutBackLimits {
  readonly atOnce: number;
  readonly baseMs: number;
  readonly maxMs: number;
}

/** When it may be put back next: `now`, or once the pause is over. A clock that was put back is no pause. */
export function putBackAt({ count, lastAt }: PutBacks, { atOnce, baseMs, maxMs }: PutBackLimits, now: number): number {
  if (count < atOnce || now < lastAt) return now;
  return Math.max(now, lastAt + Math.min(maxMs, baseMs * 2 ** (count - atOnce)));
}
