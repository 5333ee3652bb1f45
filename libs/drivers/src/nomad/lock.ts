import { toKnotError, isKnotError } from '@knot/shared/errors';
import type { DriverClock } from '../clock.js';
import type { BackendLock, LockAnswer } from '../driver.js';
import type { Variable, Variables } from './variables.js';

type Claim = Parameters<BackendLock['hold']>[0];

interface Held {
  /** '' once released; the term stays, so that a lower one never takes it. */
  readonly holder: string;
  readonly term: number;
  readonly ttlMs: number;
}

const NAME = 'lock';

/**
 * The location's lock: a variable in Nomad, taken and renewed by check-and-set. Nomad's own variable locks are not
 * used: acquiring one overwrites the term without looking at it, they last 10 s at least, and stay shut for a delay
 * after they have run out.
 *
 * No two clocks are compared. A holder counts from the moment before it sent its renewal; everybody else from the
 * moment after they first saw that very renewal, so the lock is over for its holder before it is over for others.
 */
export class NomadLock implements BackendLock {
  private variable: Variable | null = null;
  /** When `variable` was first seen as it is, monotonic ms. */
  private seenAt = 0;
  private holder = '';

  constructor(
    private readonly variables: Variables,
    private readonly clock: DriverClock,
  ) {}

  async hold(claim: Claim, signal: AbortSignal): Promise<LockAnswer> {
    try {
      const known = this.variable ?? (await this.look(signal));
      const answer = await this.tryToHold(claim, known, signal);
      // what we knew may be old: look once, then decide
      return answer.state === 'refused' ? await this.tryToHold(claim, await this.look(signal), signal) : answer;
    } catch (error) {
      this.variable = null;
      const { message } = toKnotError(error);
      const reason = isKnotError(error, 'backend.forbidden') ? 'BackendForbidden' : 'BackendUnavailable';
      return { state: 'unavailable', trouble: { reason, message } };
    }
  }

  async release(signal: AbortSignal): Promise<void> {
    const variable = await this.look(signal);
    const held = parseHeld(variable);
    if (this.holder === '' || held?.holder !== this.holder) return;
    this.holder = '';
    this.note(await this.put(variable, { ...held, holder: '' }, signal));
  }

  private async tryToHold(claim: Claim, variable: Variable, signal: AbortSignal): Promise<LockAnswer> {
    const held = parseHeld(variable);
    if (held && !this.mayTake(held, claim)) return { state: 'refused', holder: held.holder, term: held.term };
    const sentAt = this.clock.monotonic();
    const { holder, term, ttlMs } = claim;
    const now = await this.put(variable, { holder, term, ttlMs }, signal);
    this.note(now);
    const after = parseHeld(now);
    if (after?.holder !== holder || after.term !== term) {
      return { state: 'refused', holder: after?.holder ?? '', term: after?.term ?? 0 };
    }
    this.holder = holder;
    return { state: 'held', untilMonotonic: sentAt + ttlMs };
  }

  private mayTake(held: Held, claim: Claim): boolean {
    if (claim.term < held.term) return false;
    if (held.holder === claim.holder || held.holder === '') return true;
    return this.clock.monotonic() - this.seenAt > held.ttlMs;
  }

  private async look(signal: AbortSignal): Promise<Variable> {
    const variable = await this.variables.read(NAME, signal);
    this.note(variable);
    return variable;
  }

  /** What stands there after the try, ours or another's. */
  private async put(variable: Variable, { holder, term, ttlMs }: Held, signal: AbortSignal): Promise<Variable> {
    // each renewal differs from the last, so that its index always rises
    const items = { holder, term: String(term), ttl_ms: String(ttlMs), follows: String(variable.index) };
    const answer = await this.variables.write(NAME, { items, index: variable.index }, signal);
    return 'won' in answer ? answer.won : answer.lost;
  }

  private note(variable: Variable): void {
    if (this.variable?.index !== variable.index) this.seenAt = this.clock.monotonic();
    this.variable = variable;
  }
}

function parseHeld({ items, index }: Variable): Held | null {
  if (index === 0) return null;
  return { holder: items['holder'] ?? '', term: Number(items['term']) || 0, ttlMs: Number(items['ttl_ms']) || 0 };
}
