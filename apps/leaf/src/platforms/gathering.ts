/** A backend tells one change in several pieces, for some 200 ms: what comes within this time is one look. ms */
const LEAST_MS = 250;
/** With many spaces changing at once: a look costs several calls, and what they were asked for is to come first. ms */
const MOST_MS = 750;
/** For each space that changes at the same time, ms. */
const PER_SPACE_MS = 5;

/** How long after a hint its space is looked at. */
export class Gathering {
  private readonly changing = new Set<string>();
  private since = Number.NEGATIVE_INFINITY;

  /** `now` in ms, monotonic. */
  delayMs(space: string, now: number): number {
    if (now - this.since > LEAST_MS) {
      this.changing.clear();
      this.since = now;
    }
    this.changing.add(space);
    return Math.min(MOST_MS, LEAST_MS + (this.changing.size - 1) * PER_SPACE_MS);
  }
}
