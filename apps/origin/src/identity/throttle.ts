import type { Clock } from '@knot/shared';
import { KnotError } from '@knot/shared/errors';

const WINDOW_MS = 15 * 60_000;
const MOST_KEYS = 50_000;

interface Failures {
  count: number;
  since: number;
}

export interface ThrottleLimit {
  /** What is counted, e.g. an address. */
  readonly key: string;
  readonly failures: number;
}

/** Counts failed sign-ins in windows of 15 minutes, in memory: bounded, and forgotten by a restart. */
export class Throttle {
  private readonly failures = new Map<string, Failures>();

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  /** Throws `auth.throttled` where one of the keys has failed too often. */
  check(limits: readonly ThrottleLimit[]): void {
    const now = this.clock.now();
    for (const { key, failures } of limits) {
      const known = this.current(key, now);
      if (!known || known.count < failures) continue;
      const retryAfter = Math.ceil((known.since + WINDOW_MS - now) / 1000);
      const hint = `Wait ${Math.ceil(retryAfter / 60)} minutes.`;
      throw new KnotError('auth.throttled', 'Too many attempts have failed.', hint, { retryAfter });
    }
  }

  /** Counts an attempt before its outcome is known, so that parallel ones cannot slip by; `succeed` takes it back. */
  begin(limits: readonly ThrottleLimit[]): void {
    this.check(limits);
    const now = this.clock.now();
    if (this.failures.size > MOST_KEYS) this.sweep(now);
    for (const { key } of limits) {
      const known = this.current(key, now);
      if (known) known.count += 1;
      else this.failures.set(key, { count: 1, since: now });
    }
  }

  succeed(limits: readonly ThrottleLimit[]): void {
    for (const { key } of limits) {
      const known = this.failures.get(key);
      if (known) known.count -= 1;
    }
  }

  private current(key: string, now: number): Failures | null {
    const known = this.failures.get(key);
    if (!known) return null;
    if (now - known.since < WINDOW_MS) return known;
    this.failures.delete(key);
    return null;
  }

  private sweep(now: number): void {
    for (const key of this.failures.keys()) this.current(key, now);
    if (this.failures.size > MOST_KEYS) this.failures.clear();
  }
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
