import { sha256Hex, type Clock } from '@knot/shared';
import { KnotError } from '@knot/shared/errors';
import { retrying, type Store, type ThrottleRow, type Write } from '@knot/shared/store';

export const THROTTLE_WINDOW_MS = 15 * 60_000;
/** Many attempts at one account at once meet at its row. */
const ATTEMPTS = 40;

export interface ThrottleLimit {
  /** What is counted, e.g. an address. */
  readonly key: string;
  readonly failures: number;
}

/** Counts failed sign-ins in windows of 15 minutes, in the store: for every origin, and over a restart. */
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
    const ids = counted.map(({ id }) => id);
    await retrying(
      this.store,
      async () => {
        const now = this.clock.now();
        const rows = new Map((await this.store.getMany('throttle', ids)).map((row) => [row.id, row]));
        const writes = counted.map(({ id, failures }): Write => {
          const row = rows.get(id);
          const known = row && now - row.since < THROTTLE_WINDOW_MS ? row : null;
          if (by === 1 && known && known.count >= failures) throw throttled(known, now);
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

function throttled({ since }: ThrottleRow, now: number): KnotError {
  const retryAfter = Math.ceil((since + THROTTLE_WINDOW_MS - now) / 1000);
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
