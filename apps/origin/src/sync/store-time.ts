import type { Clock } from '@knot/shared';
import type { Store } from '@knot/shared/store';

/** How long the monotonic clock of this process is relied on before the store is asked again, ms. */
const RELIED_ON_MS = 10_000;

/**
 * The store's clock without a question to it for every call of every leaf. Good for whether a credential has expired
 * and for what a bookmark tells; a lease asks the store itself.
 */
export class StoreTime {
  private read: { readonly time: number; readonly at: number } | null = null;

  constructor(
    private readonly store: Pick<Store, 'now'>,
    private readonly clock: Pick<Clock, 'monotonic'>,
  ) {}

  /** ms since the epoch */
  async now(): Promise<number> {
    const at = this.clock.monotonic();
    if (this.read === null || at - this.read.at >= RELIED_ON_MS) this.read = { time: await this.store.now(), at };
    return Math.floor(this.read.time + at - this.read.at);
  }
}
