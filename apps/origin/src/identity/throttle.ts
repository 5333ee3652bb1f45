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

/** Brings texts to the other origins and theirs here; may lose any of them. */
export interface ThrottleNews {
  say(text: string): void;
  hear(listener: (text: string) => void): void;
}

/** Counts failed sign-ins in windows of 15 minutes, in memory: bounded, and forgotten by a restart. */
export class Throttle {
  private readonly failures = new Map<string, Failures>();

  /** `others`: the other origins of this installation, whose failures count here as well. */
  constructor(
    private readonly clock: Pick<Clock, 'now'>,
    private readonly others: ThrottleNews | null = null,
  ) {
    others?.hear((text) => this.hear(text));
  }

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
    this.count(limits.map(({ key }) => key));
    this.others?.say(JSON.stringify(['failed', ...limits.map(({ key }) => key)]));
  }

  succeed(limits: readonly ThrottleLimit[]): void {
    this.uncount(limits.map(({ key }) => key));
    this.others?.say(JSON.stringify(['succeeded', ...limits.map(({ key }) => key)]));
  }

  private hear(text: string): void {
    const parts: unknown = JSON.parse(text);
    if (!Array.isArray(parts) || !parts.every((part) => typeof part === 'string')) return;
    const [what, ...keys] = parts;
    if (what === 'failed') this.count(keys);
    else if (what === 'succeeded') this.uncount(keys);
  }

  private count(keys: readonly string[]): void {
    const now = this.clock.now();
    if (this.failures.size > MOST_KEYS) this.sweep(now);
    for (const key of keys) {
      const known = this.current(key, now);
      if (known) known.count += 1;
      else this.failures.set(key, { count: 1, since: now });
    }
  }

  private uncount(keys: readonly string[]): void {
    for (const key of keys) {
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
