/** Going on, or stopped for now; `done` and `ended` (before it was done) are for good. */
export const ROLL_OUT_STATES = ['going', 'held', 'done', 'ended'] as const;

export type RollOutState = (typeof ROLL_OUT_STATES)[number];

/** When a space is to take the version: at once, or when it next stops by itself, by its owner or by its schedule. */
export const ROLL_OUT_MOMENTS = ['now', 'next-stop'] as const;

export type RollOutMoment = (typeof ROLL_OUT_MOMENTS)[number];

/** `refused`: by the rules of an update. `skipped`: there was nothing to do, or somebody else did something with it. */
export const ROLL_OUT_SPACE_STATES = ['waiting', 'updating', 'done', 'failed', 'refused', 'skipped'] as const;

export type RollOutSpaceState = (typeof ROLL_OUT_SPACE_STATES)[number];

export type RollOutTally = Readonly<Record<RollOutSpaceState, number>>;

export interface FailureRule {
  /** Percent of those that came to an end, from 0. */
  readonly limit: number;
  /** Spaces of the stage. */
  readonly size: number;
  /** Spaces that update at a time. */
  readonly atOnce: number;
  /** Failures that somebody has seen and gone on after. */
  readonly forgiven: number;
}

/**
 * Why a stage must not go on, as a sentence; null while it may. The share counts over at least as many as update at a
 * time, so that the first of many that fails stops nothing, and the first of a few does.
 */
export function tooManyFailures(tally: RollOutTally, { limit, size, atOnce, forgiven }: FailureRule): string | null {
  const failures = tally.failed + tally.refused;
  const fresh = failures - forgiven;
  const finished = tally.done + failures - forgiven;
  const counted = Math.max(finished, Math.min(size, atOnce));
  if (fresh <= 0 || fresh * 100 <= limit * counted) return null;
  return `${fresh} of ${counted} spaces failed, and the limit is ${limit} %.`;
}
