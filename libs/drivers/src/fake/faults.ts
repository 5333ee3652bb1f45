import { KnotError } from '@knot/shared/errors';
import { givenUp } from '../clock.js';
import type { Driver } from '../driver.js';

/** The calls of a driver that the fake can make fail. */
export type FakeCall = Exclude<keyof Driver, 'platform' | 'lock' | 'watch'> | 'lock.hold' | 'lock.release';

export type FaultKind =
  /** 403 */
  | 'forbidden'
  /** 409 */
  | 'conflict'
  /** 429 */
  | 'throttled'
  /** 5xx, or no connection */
  | 'unavailable'
  /** 400 */
  | 'invalid'
  /** no answer until the caller gives up */
  | 'hang';

export interface Fault {
  readonly kind: FaultKind;
  /** 'after': the effect happens and its answer is lost. */
  readonly when: 'before' | 'after';
}

export interface FaultRule extends Fault {
  readonly call: FakeCall | '*';
  /** This space's calls only; all when left out. */
  readonly space?: string;
  /** How many calls it hits; Infinity for all until cleared. */
  readonly times: number;
}

export interface CallFacts {
  readonly call: FakeCall;
  /** '' for calls that concern no space. */
  readonly space: string;
}

/** Which calls fail, how and when. Rules first come, first served; a program decides where no rule does. */
export class Faults {
  private rules: { rule: FaultRule; left: number }[] = [];
  /** For simulations: asked for each call that no rule hits. */
  program: (call: CallFacts) => Fault | null = () => null;

  add(rule: FaultRule): void {
    this.rules.push({ rule, left: rule.times });
  }

  clear(): void {
    this.rules = [];
    this.program = () => null;
  }

  /** The fault of this very call, used up by asking. */
  take(facts: CallFacts): Fault | null {
    const hit = this.rules.find(
      ({ rule, left }) =>
        left > 0 &&
        (rule.call === '*' || rule.call === facts.call) &&
        (rule.space === undefined || rule.space === facts.space),
    );
    if (!hit) return this.program(facts);
    hit.left -= 1;
    this.rules = this.rules.filter(({ left }) => left > 0);
    return hit.rule;
  }
}

/** Ends as the fault says; 'hang' only when the signal comes. */
export async function suffer(kind: FaultKind, signal: AbortSignal): Promise<never> {
  switch (kind) {
    case 'forbidden':
      throw new KnotError('backend.forbidden', 'The backend does not allow this (403).', '', { status: 403 });
    case 'conflict':
      throw new KnotError('backend.conflict', 'The object changed meanwhile (409).', '', { status: 409 });
    case 'throttled':
      throw new KnotError('backend.unavailable', 'Too many requests (429).', '', { status: 429, retryAfter: 1 });
    case 'unavailable':
      throw new KnotError('backend.unavailable', 'The backend does not answer (503).', '', { status: 503 });
    case 'invalid':
      throw new KnotError('backend.invalid', 'The backend refuses the request (400).', '', { status: 400 });
    case 'hang':
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      throw givenUp();
  }
}
