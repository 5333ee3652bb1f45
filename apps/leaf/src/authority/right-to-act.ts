import type { Authority, Platform } from '@knot/domain';
import type { LockAnswer } from '@knot/drivers';
import type { Clock } from '@knot/shared';
import { elapsedSince, momentOf, type Moment } from './moment.js';

/** How long what a backend or an origin's silence has told may be relied on, ms. */
const FACT_MS = 30_000;

interface Lease {
  readonly sent: Moment;
  readonly ttlMs: number;
}

interface LockFact {
  readonly answer: LockAnswer;
  readonly term: number;
  readonly asked: Moment;
  readonly ttlMs: number;
}

/**
 * What this leaf may do at each platform, told from facts that each run out by themselves: a process that was frozen
 * wakes with none of them and does nothing until it has asked again.
 */
export class RightToAct {
  private held: Lease | null = null;
  private ownTerm = 0;
  /** The last term of this leaf up to which its records tell all that was done. */
  recordsTerm = 0;
  private away: Moment | null = null;
  /** Whether this process has had the lease, or has asked the origin in vain: until then a lock of earlier says nothing. */
  private asked = false;
  private refusal: string | null = null;
  private readonly locks = new Map<Platform, LockFact>();
  /** The last term by which each lock was held. */
  private readonly lockedBy = new Map<Platform, number>();
  /** Where the lock could not be had since this leaf last had the lease: another one may have acted by a lease alone. */
  private readonly unguarded = new Set<Platform>();
  private readonly before = new Map<Platform, Authority>();

  constructor(
    private readonly clock: Clock,
    /** Told of each platform at which more is allowed than when it was last asked. */
    private readonly onRise: (platform: Platform) => void,
  ) {}

  /** The highest term this leaf has had; 0 when it never held the lease. */
  get term(): number {
    return this.ownTerm;
  }

  /** Another leaf has had a term since: what it did has to be learnt from the origin before anything is done. */
  get behind(): boolean {
    return this.ownTerm - this.recordsTerm > 1;
  }

  get leaseHeld(): boolean {
    return this.leaseLeftMs() > 0;
  }

  /** What it sees may be told: it has the lease, and knows what others did before. */
  get mayReport(): boolean {
    return this.leaseHeld && !this.behind;
  }

  /** Since the request that brought the present lease; null when none is held. ms */
  get leaseAgeMs(): number | null {
    return this.held && this.leaseHeld ? elapsedSince(this.held.sent, this.clock) : null;
  }

  /** Whether it waits for a backend's first answer about its lock before it may act there. */
  lockIsAwaited(platform: Platform): boolean {
    const lock = this.locks.get(platform);
    const isSilent = lock?.answer.state === 'unavailable' && lock.answer.trouble.reason !== 'BackendForbidden';
    return isSilent && this.lockedBy.get(platform) !== this.ownTerm;
  }

  /** Why the origin does not let it act; null when it does or says nothing. */
  get refused(): string | null {
    return this.refusal;
  }

  lockHeld(platform: Platform): boolean {
    return this.lockLeftMs(platform) > 0;
  }

  of(platform: Platform): Authority {
    const now = this.judge(platform);
    const before = this.before.get(platform);
    if (before !== undefined && RANK[now] < RANK[before]) this.before.set(platform, now);
    return now;
  }

  private judge(platform: Platform): Authority {
    if (this.ownTerm === 0 || this.refusal !== null || this.behind) return 'none';
    const lock = this.freshLock(platform);
    // Somebody else has the lock of the backend: that one acts, whatever this leaf was told.
    if (lock === null || lock.answer.state === 'refused') return 'none';
    const byLock = this.asked && !this.unguarded.has(platform);
    if (this.lockHeld(platform) && (this.leaseHeld || byLock)) return 'full';
    if (this.leaseHeld && this.lockIsNobodys(platform, lock.answer)) return 'full';
    return this.originIsAway() ? 'reapply' : 'none';
  }

  /** How long the present authority lasts if nothing is heard any more, ms; deeds are given up then. */
  leftMs(platform: Platform): number {
    const full = Math.max(this.leaseLeftMs(), this.lockLeftMs(platform));
    return full > 0 ? full : FACT_MS;
  }

  noteRecords(term: number): void {
    this.recordsTerm = term;
    this.tellRises();
  }

  noteStoredTerm(term: number): void {
    this.ownTerm = Math.max(this.ownTerm, term);
  }

  noteLease(term: number, sent: Moment, ttlMs: number): void {
    this.ownTerm = term;
    this.held = { sent, ttlMs };
    this.asked = true;
    for (const [platform, { answer }] of this.locks) if (answer.state === 'held') this.unguarded.delete(platform);
    this.refusal = null;
    this.away = null;
    this.tellRises();
  }

  /** The origin has spoken: another one acts here, or this one is not let in. */
  noteRefusal(message: string): void {
    this.held = null;
    this.refusal = message;
    this.tellRises();
  }

  /** A term that is over. */
  noteLost(): void {
    this.held = null;
    this.tellRises();
  }

  noteOriginAway(): void {
    this.away = momentOf(this.clock);
    this.asked = true;
    this.tellRises();
  }

  noteLock(platform: Platform, answer: LockAnswer, term: number, asked: Moment, ttlMs: number): void {
    this.locks.set(platform, { answer, term, asked, ttlMs });
    if (answer.state === 'held') this.lockedBy.set(platform, term);
    if (isForNobody(answer)) this.unguarded.add(platform);
    else if (answer.state === 'held' && this.leaseHeld) this.unguarded.delete(platform);
    this.tellRises();
  }

  /**
   * Whether no leaf of an older term can come to the lock: this one has had it by its term, or it is for nobody to have.
   * A backend that does not answer may let an older one in first when it is back.
   */
  private lockIsNobodys(platform: Platform, answer: LockAnswer): boolean {
    if (this.lockedBy.get(platform) === this.ownTerm) return true;
    return isForNobody(answer);
  }

  private originIsAway(): boolean {
    return this.away !== null && elapsedSince(this.away, this.clock) < FACT_MS;
  }

  private leaseLeftMs(): number {
    if (!this.held) return 0;
    const { sent, ttlMs } = this.held;
    return Math.max(0, ttlMs - marginMs(ttlMs) - elapsedSince(sent, this.clock));
  }

  private lockLeftMs(platform: Platform): number {
    const lock = this.locks.get(platform);
    if (lock?.answer.state !== 'held' || lock.term !== this.ownTerm) return 0;
    const byWall = lock.ttlMs - elapsedSince(lock.asked, this.clock);
    const byAnswer = lock.answer.untilMonotonic - this.clock.monotonic();
    return Math.max(0, Math.min(byWall, byAnswer) - marginMs(lock.ttlMs));
  }

  private freshLock(platform: Platform): LockFact | null {
    const lock = this.locks.get(platform);
    if (!lock || lock.term !== this.ownTerm) return null;
    return elapsedSince(lock.asked, this.clock) < FACT_MS ? lock : null;
  }

  private tellRises(): void {
    for (const platform of this.locks.keys()) {
      const [before, now] = [this.before.get(platform) ?? 'none', this.judge(platform)];
      this.before.set(platform, now);
      if (RANK[now] > RANK[before]) this.onRise(platform);
    }
  }
}

/** No leaf can have the lock: each acts by its lease alone. */
function isForNobody(answer: LockAnswer): boolean {
  return answer.state === 'unavailable' && answer.trouble.reason === 'BackendForbidden';
}

const RANK: Record<Authority, number> = { none: 0, reapply: 1, full: 2 };

/** The part of a lease that is not used: what was begun in its last moment must not take effect after its end. */
function marginMs(ttlMs: number): number {
  return Math.min(3_000, ttlMs / 10);
}
