import type { BackendLock, LockAnswer } from '../driver.js';

interface LockState {
  /** '' once released; the term stays, so that a lower one never takes it. */
  readonly holder: string;
  readonly term: number;
  /** By the monotonic clock. */
  readonly until: number;
}

type Claim = Parameters<BackendLock['hold']>[0];

/** The locks of a fake backend, one per location of an installation. */
export class FakeLocks {
  private readonly states = new Map<string, LockState>();

  /** `now` is monotonic, ms. */
  hold(key: string, claim: Claim, now: number): LockAnswer {
    const held = this.states.get(key);
    if (held && !mayTake(held, claim, now)) return { state: 'refused', holder: held.holder, term: held.term };
    const until = now + claim.ttlMs;
    this.states.set(key, { holder: claim.holder, term: claim.term, until });
    return { state: 'held', untilMonotonic: until };
  }

  release(key: string, holder: string): void {
    const held = this.states.get(key);
    if (held?.holder === holder) this.states.set(key, { ...held, holder: '' });
  }
}

function mayTake(held: LockState, claim: Claim, now: number): boolean {
  if (claim.term < held.term) return false;
  return held.holder === claim.holder || held.holder === '' || now >= held.until;
}
