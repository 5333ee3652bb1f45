import type { Clock, TimerHandle } from './clock.js';

/** How long runs that never wait for anything may keep the event loop to themselves, in ms. */
const LONGEST_TURN_MS = 10;

/**
 * Lets the process breathe. Runs that end without waiting follow each other in microtasks, and ten thousand of them would
 * keep sockets, and the user's change that comes by one, waiting to the end. A timer, which cannot fire within a turn of
 * the event loop, says that a turn has ended.
 */
export class Breath {
  private turn: { startedAt: number; handle: TimerHandle } | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly onRested: () => void,
  ) {}

  /** Whether this turn is used up. `onRested` is called in the next one. */
  isSpent(): boolean {
    const now = this.clock.now();
    this.turn ??= { startedAt: now, handle: this.clock.setTimeout(() => this.rest(), 0) };
    return now - this.turn.startedAt >= LONGEST_TURN_MS;
  }

  stop(): void {
    if (this.turn) this.clock.clearTimeout(this.turn.handle);
    this.turn = undefined;
  }

  private rest(): void {
    this.turn = undefined;
    this.onRested();
  }
}
