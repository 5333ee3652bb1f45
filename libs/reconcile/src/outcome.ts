import type { Priority } from './priority.js';

/**
 * All that a run can say.
 * - `done`: nothing more to do until somebody adds the key.
 * - `again`: look again at `atMs` (the engine's clock) or in `afterMs`; asked with `priority`, by default the run's own
 *   but never above `status`, so that a key that looks again for ever does not stand among users' changes for ever.
 * - `retry`: it failed and may succeed later; the engine backs off.
 * - `terminal`: it failed and will go on failing until something changes; silence until the key is added.
 */
export type Outcome =
  | { kind: 'done' }
  | { kind: 'again'; atMs: number; priority?: Priority }
  | { kind: 'again'; afterMs: number; priority?: Priority }
  | { kind: 'retry'; error: unknown }
  | { kind: 'terminal'; reason: string };

/** The moment an `again` names, on the clock that says `now`. */
export function againAt(outcome: Extract<Outcome, { kind: 'again' }>, now: number): number {
  return 'atMs' in outcome ? outcome.atMs : now + outcome.afterMs;
}

/**
 * An answer that the engine can act on: a moment that is no number would put the queue out of order, and an answer of
 * no known kind would leave its key behind. Both are failures of the run.
 */
export function soundOutcome(outcome: Outcome | undefined): Outcome {
  switch (outcome?.kind) {
    case 'done':
    case 'retry':
    case 'terminal':
      return outcome;
    case 'again':
      if (Number.isFinite(againAt(outcome, 0))) return outcome;
      return { kind: 'retry', error: new RangeError('an `again` needs a finite atMs or afterMs') };
    default:
      return { kind: 'retry', error: new TypeError('a run answered with no known outcome') };
  }
}
