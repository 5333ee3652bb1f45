import { createHash } from 'node:crypto';

/** One thing that happened in a run. */
export interface Happening {
  /** Since the world began, ms. */
  readonly at: number;
  readonly who: string;
  readonly what: string;
}

/** Thrown where the history of a run breaks an invariant. */
export class Violation extends Error {
  constructor(
    readonly invariant: string,
    message: string,
  ) {
    super(`${invariant}: ${message}`);
  }
}

/** What happened, in order, and the first invariant it broke. */
export class History {
  readonly happenings: Happening[] = [];
  violation: Violation | null = null;

  constructor(private readonly clock: { monotonic(): number }) {}

  note(who: string, what: string): void {
    this.happenings.push({ at: Math.round(this.clock.monotonic()), who, what });
  }

  break(invariant: string, message: string): void {
    if (this.violation) return;
    this.note('CHECK', `${invariant}: ${message}`);
    this.violation = new Violation(invariant, message);
  }

  /** Equal for two runs in which the same things happened at the same times. */
  hash(): string {
    return createHash('sha256').update(JSON.stringify(this.happenings)).digest('hex');
  }
}
