export interface Backoff {
  /** No retry comes sooner than this, in ms. */
  minMs: number;
  /** No retry waits longer than this, in ms. */
  maxMs: number;
}

export const DEFAULT_BACKOFF: Backoff = { minMs: 50, maxMs: 5 * 60_000 };

/**
 * How long to wait after `failures` failed runs in a row (1 or more): anywhere between the shortest wait and a ceiling
 * that doubles with each failure. The whole range is drawn from, so that keys that failed together part.
 */
export function backoffMs(failures: number, backoff: Backoff, random: () => number): number {
  const ceiling = Math.min(backoff.maxMs, backoff.minMs * 2 ** failures);
  return backoff.minMs + random() * (ceiling - backoff.minMs);
}
