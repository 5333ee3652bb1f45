import type { BackendLock, Driver, LockAnswer } from '@knot/drivers';
import type { Clock, Logger } from '@knot/shared';
import { toKnotError } from '@knot/shared/errors';
import { pause, within } from '../within.js';
import { momentOf } from './moment.js';
import type { RightToAct } from './right-to-act.js';

/** How long a backend keeps the lock for a holder that says nothing more, ms. */
const LOCK_TTL_MS = 30_000;
const RENEW_MS = LOCK_TTL_MS / 3;
/** How soon a backend that did not answer is asked again, while the right to act waits for it. ms */
const AGAIN_MS = 2_000;
const CALL_MS = 5_000;

/**
 * Keeps the location's lock in each backend, with the term of the lease: it lets the leaf act while its origin is
 * away. The holder is the leaf's disk, which one process alone has open, so that a restarted leaf has its lock at once.
 */
export class BackendLocks {
  private wake = new AbortController();
  private readonly told = new Map<string, LockAnswer['state']>();
  private readonly locks: readonly (readonly [Driver, BackendLock])[];

  constructor(
    drivers: readonly Driver[],
    private readonly holder: string,
    private readonly right: RightToAct,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {
    this.locks = drivers.map((driver) => [driver, driver.lock()]);
  }

  /** A new term: asks at once. */
  poke(): void {
    this.wake.abort();
  }

  /** Until the signal. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.wake = new AbortController();
      const { wake } = this;
      // Whoever was refused by the origin must not keep the other one from the backend.
      if (this.right.refused !== null) await this.release(signal);
      else if (this.right.term > 0) await this.holdAll(signal);
      const isAwaited = this.locks.some(([{ platform }]) => this.right.lockIsAwaited(platform));
      await pause(this.clock, isAwaited ? AGAIN_MS : RENEW_MS, AbortSignal.any([signal, wake.signal]));
    }
  }

  async release(signal: AbortSignal): Promise<void> {
    await Promise.all(
      this.locks.map(([driver, lock]) =>
        within(this.clock, CALL_MS, signal, (limited) => lock.release(limited)).catch((error: unknown) =>
          this.logger.debug(
            { err: error, platform: driver.platform },
            'the lock was not given back; it runs out by itself',
          ),
        ),
      ),
    );
  }

  private async holdAll(signal: AbortSignal): Promise<void> {
    await Promise.all(this.locks.map(([driver, lock]) => this.hold(driver, lock, signal)));
  }

  private async hold(driver: Driver, lock: BackendLock, signal: AbortSignal): Promise<void> {
    const [term, asked] = [this.right.term, momentOf(this.clock)];
    const claim = { holder: this.holder, term, ttlMs: LOCK_TTL_MS };
    const answer = await this.ask(lock, claim, signal);
    if (signal.aborted) return;
    this.right.noteLock(driver.platform, answer, term, asked, LOCK_TTL_MS);
    this.tell(driver, answer);
  }

  private async ask(
    lock: BackendLock,
    claim: { readonly holder: string; readonly term: number; readonly ttlMs: number },
    signal: AbortSignal,
  ): Promise<LockAnswer> {
    try {
      return await within(this.clock, CALL_MS, signal, (limited) => lock.hold(claim, limited));
    } catch (error) {
      const { message } = toKnotError(error);
      return { state: 'unavailable', trouble: { reason: 'BackendUnavailable', message } };
    }
  }

  private tell({ platform }: Driver, answer: LockAnswer): void {
    if (this.told.get(platform) === answer.state) return;
    this.told.set(platform, answer.state);
    switch (answer.state) {
      case 'held':
        return this.logger.info({ platform }, "this leaf holds the backend's lock");
      case 'refused':
        return this.logger.error(
          { platform, holder: answer.holder, term: answer.term },
          "another leaf holds the backend's lock for this location, so this one does nothing there; stop the other",
        );
      case 'unavailable':
        return this.logger.warn(
          { platform, why: answer.trouble.message },
          "the backend's lock cannot be had: without its origin this leaf will only put back what it had applied",
        );
    }
  }
}
