import type { Clock, TimerHandle } from './clock.js';

/** How long runs that never wait for anything may keep the event loop to themselves, in ms. */
const LONGEST_TURN_MS = 10;
/** Runs of one turn that are under way at once: all that have begun go on before anything else does. */
const MOST_OF_TURN = 4;

export interface Turn {
  readonly startedAt: number;
  readonly handle: TimerHandle;
  /** Runs that began in it and have not ended. */
  open: number;
}

/**
 * Lets the process breathe. Runs that end without waiting follow each other in microtasks, and ten thousand of them would
 * keep sockets, and the user's change that comes by one, waiting to the end. A timer, which cannot fire within a turn of
 * the event loop, says that a turn has ended.
 */
export class Breath {
  private turn: Turn | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly onRested: () => void,
  ) {}

  /** Whether this turn is used up. `onRested` is called in the next one. */
  isSpent(): boolean {
    return this.clock.now() - this.ofNow().startedAt >= LONGEST_TURN_MS;
  }

  /** Whether nothing should begin beside what has begun in this turn, unless a person waits for it. */
  isFull(): boolean {
    return this.ofNow().open >= MOST_OF_TURN;
  }

  /** A run begins; whoever calls takes it away from `open` when it has ended. */
  begin(): Turn {
    const turn = this.ofNow();
    turn.open += 1;
    return turn;
  }

  stop(): void {
    if (this.turn) this.clock.clearTimeout(this.turn.handle);
    this.turn = undefined;
  }

  private ofNow(): Turn {
    const { clock } = this;
    return (this.turn ??= { startedAt: clock.now(), handle: clock.setTimeout(() => this.rest(), 0), open: 0 });
  }

  private rest(): void {
    this.turn = undefined;
    this.onRested();
  }
}
