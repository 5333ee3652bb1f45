import { sha256Hex, type Clock } from '@knot/shared';
import { KnotError } from '@knot/shared/errors';
import { retrying, type Store, type Write } from '@knot/shared/store';

export const THROTTLE_WINDOW_MS = 15 * 60_000;
/** Many attempts at one account at once meet at its row. */
const ATTEMPTS = 40;

export interface ThrottleLimit {
  /** What is counted, e.g. an address. */
  readonly key: string;
  readonly failures: number;
}

interface CountedLimit extends ThrottleLimit {
  /** Tells the key to nobody who sees the count. */
  readonly id: string;
}

/**
 * Counts failed sign-ins in windows of 15 minutes, for every origin and over a restart: in Redis where it is beside the
 * store, else, or while that does not answer, in the store (ADR 0036).
 */
export class Throttle {
  constructor(
    private readonly store: Store,
    private readonly clock: Pick<Clock, 'now'>,
  ) {}

  /**
   * Counts an attempt before its outcome is known, so that parallel ones cannot slip by; `succeed` takes it back.
   * Throws `auth.throttled` where one of the keys has failed too often.
   */
  async begin(limits: readonly ThrottleLimit[]): Promise<void> {
    await this.count(limits, 1);
  }

  async succeed(limits: readonly ThrottleLimit[]): Promise<void> {
    await this.count(limits, -1);
  }

  private async count(limits: readonly ThrottleLimit[], by: 1 | -1): Promise<void> {
    const counted = limits.map((limit) => ({ ...limit, id: sha256Hex(limit.key) }));
    const quickLimits = counted.map(({ id, failures }) => ({ id, most: failures }));
    const quick = await this.store.counts?.add(quickLimits, by, THROTTLE_WINDOW_MS);
    if (quick === undefined) return this.countInStore(counted, by);
    if (quick.fullForMs !== null) throw throttled(quick.fullForMs);
  }

  private async countInStore(counted: readonly CountedLimit[], by: 1 | -1): Promise<void> {
    const ids = counted.map(({ id }) => id);
    await retrying(
      this.store,
      async () => {
        const now = this.clock.now();
        const rows = new Map((await this.store.getMany('throttle', ids)).map((row) => [row.id, row]));
        const writes = counted.map(({ id, failures }): Write => {
          const row = rows.get(id);
          const known = row && now - row.since < THROTTLE_WINDOW_MS ? row : null;
          if (by === 1 && known && known.count >= failures) throw throttled(known.since + THROTTLE_WINDOW_MS - now);
          const count = Math.max(0, (known?.count ?? 0) + by);
          return { put: 'throttle', row: { id, count, since: known?.since ?? now } };
        });
        const expect = ids.map((id) => ({ kind: 'throttle' as const, id, version: rows.get(id)?.version ?? 0 }));
        return { commit: { expect, writes }, result: undefined };
      },
      { attempts: ATTEMPTS },
    );
  }
}

function throttled(leftMs: number): KnotError {
  const retryAfter = Math.ceil(leftMs / 1000);
  const hint = `Wait ${Math.ceil(retryAfter / 60)} minutes.`;
  return new KnotError('auth.throttled', 'Too many attempts have failed.', hint, { retryAfter });
}

/** Per account and address, per address, and per account from everywhere. */
export function signInLimits(account: string, address: string): readonly ThrottleLimit[] {
  const name = account.toLowerCase();
  return [
    { key: `pair/${name}/${address}`, failures: 5 },
    { key: `address/${address}`, failures: 30 },
    { key: `account/${name}`, failures: 50 },
  ];
}
