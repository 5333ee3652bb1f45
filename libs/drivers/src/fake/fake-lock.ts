import type { BackendLock, LockAnswer } from '../driver.js';
import type { FakeBackend } from './fake-backend.js';

export interface LockState {
  /** '' once released; the term stays, so that a lower one never takes it. */
  readonly holder: string;
  readonly term: number;
  /** By the monotonic clock. */
  readonly until: number;
}

type Claim = Parameters<BackendLock['hold']>[0];

export function holdFakeLock(backend: FakeBackend, key: string, claim: Claim): LockAnswer {
  if (!backend.knobs.lockAvailable) {
    const trouble = { reason: 'BackendForbidden', message: 'The lock cannot be read (403).' } as const;
    return { state: 'unavailable', trouble };
  }
  const now = backend.clock.monotonic();
  const held = backend.locks.get(key);
  if (held && !mayTake(held, claim, now)) return { state: 'refused', holder: held.holder, term: held.term };
  const until = now + claim.ttlMs;
  backend.locks.set(key, { holder: claim.holder, term: claim.term, until });
  return { state: 'held', untilMonotonic: until };
}

function mayTake(held: LockState, claim: Claim, now: number): boolean {
  if (claim.term < held.term) return false;
  return held.holder === claim.holder || held.holder === '' || now >= held.until;
}

export function releaseFakeLock(backend: FakeBackend, key: string, holder: string): void {
  const held = backend.locks.get(key);
  if (held && held.holder === holder) backend.locks.set(key, { ...held, holder: '' });
}
