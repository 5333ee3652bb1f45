import { TICKET_LIFE_MS } from '@knot/contract';
import type { Clock } from '@knot/shared';

/** How far the clocks of origin and leaf may be apart, ms. */
export const SKEW_MS = 60_000;
/** No ticket is good for longer, ms. */
const LONGEST_MS = TICKET_LIFE_MS + 2 * SKEW_MS;

/**
 * Since when every ticket that was used here was used at this process, which alone knows of it. One that was given before
 * may have let somebody in at another process of this location: whoever shows it asks for a new one.
 */
export class MetSince {
  private begun: number;
  /** By the clock of the origin, as far as that is known. */
  private from: number;
  /** The origin's clock less the monotonic one of this process. */
  private ahead: number | null = null;

  constructor(private readonly clock: Clock) {
    this.begun = clock.monotonic();
    this.from = clock.now() + SKEW_MS;
  }

  /** What the origin's clock shows now. */
  tell(time: number): void {
    if (this.ahead === null) this.from = time;
    this.ahead = time - this.clock.monotonic();
  }

  /** By the origin's clock, as far as that is known. ms since the epoch */
  get originTime(): number {
    return this.ahead === null ? this.clock.now() : this.ahead + this.clock.monotonic();
  }

  /** Up to now another process may have acted for this location. */
  begin(): void {
    this.begun = this.clock.monotonic();
    this.from = this.ahead === null ? this.clock.now() + SKEW_MS : this.originTime;
  }

  /** Whether a ticket that was given then, by the origin's clock, can have been used at no other process. */
  covers(given: number): boolean {
    return given >= this.from || this.clock.monotonic() - this.begun >= LONGEST_MS;
  }
}
