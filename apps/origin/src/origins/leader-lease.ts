import type { Clock } from '@knot/shared';
import { isKnotError } from '@knot/shared/errors';
import type { Expectation, LeaseRow, Store } from '@knot/shared/store';
import { decideLease, LEASE_TTL_MS } from '../sync/renew-lease.js';

/** Renewed before a commit when it is older than this. */
const FRESH_MS = LEASE_TTL_MS / 3;

/** What a commit of the leader expects, so that none of an overtaken one is stored. */
export type Fence = () => Promise<Expectation>;

/**
 * Lets one of several origins at a time do what only one should do. The lease is a row with a term, held while the work
 * goes on only; its name is no location's.
 */
export class LeaderLease {
  private readonly id: string;

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    /** Of this process. */
    private readonly holder: string,
    work: string,
  ) {
    this.id = `~${work}`;
  }

  /** Runs `work` as the leader; false when another origin is. Throws what `work` throws. */
  async lead(work: (fence: Fence) => Promise<void>): Promise<boolean> {
    let held = await this.claim(null);
    if (held === null) return false;
    let renewedAt = this.clock.monotonic();
    const fence: Fence = async () => {
      if (held !== null && this.clock.monotonic() - renewedAt > FRESH_MS) {
        renewedAt = this.clock.monotonic();
        held = await this.claim(held);
      }
      // Of a lost lease any version will do that the row does not have.
      return { kind: 'lease', id: this.id, version: held?.version ?? Number.MAX_SAFE_INTEGER };
    };
    try {
      await work(fence);
      return true;
    } finally {
      if (held !== null) await this.claim(held, true);
    }
  }

  /** The row as it is then; null when it is another's. */
  private async claim(before: LeaseRow | null, release = false): Promise<LeaseRow | null> {
    const [row, now] = await Promise.all([this.store.get('lease', this.id), this.store.now()]);
    const term = before?.term ?? 0;
    const identity = { location: this.id, instance: this.holder };
    const decision = decideLease(row, { holder: this.holder, term, seenTerm: term, release }, identity, now);
    if (decision.row === null) return null;
    const version = row?.version ?? 0;
    try {
      await this.store.commit({
        expect: [{ kind: 'lease', id: this.id, version }],
        writes: [{ put: 'lease', row: decision.row }],
      });
      return decision.kind === 'refuse' ? null : { ...decision.row, version: version + 1 };
    } catch (error) {
      if (isKnotError(error, 'store.conflict')) return null;
      throw error;
    }
  }
}
