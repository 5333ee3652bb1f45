import type { Store } from '@knot/shared/store';
import { everyRow } from '../deeds/each-row.js';
import { LEASE_TTL_MS } from '../sync/renew-lease.js';

/**
 * While no origin ran no leaf could renew its lease. A location that was heard of until then is given one lease time from
 * this origin's start before it counts as silent; one that had been silent before stays so.
 */
export class StartGrace {
  private constructor(
    /** By the store's clock, ms since the epoch. */
    private readonly endsAt: number,
    private readonly locations: ReadonlySet<string>,
  ) {}

  /** For an origin that starts now; before anything renews a lease. */
  static async begin(store: Store): Promise<StartGrace> {
    const [leases, statuses, now] = await Promise.all([
      everyRow(store, 'lease'),
      everyRow(store, 'locationStatus'),
      store.now(),
    ]);
    // what any leaf told last, that of the origin's own location too, tells until when an origin ran
    const heard = [...leases.map(({ renewedAt }) => renewedAt), ...statuses.map(({ reportedAt }) => reportedAt)];
    const last = Math.max(0, ...heard);
    const held = leases.filter(({ renewedAt }) => renewedAt > 0 && renewedAt + LEASE_TTL_MS > last);
    return new StartGrace(now + LEASE_TTL_MS, new Set(held.map(({ id }) => id)));
  }

  /** Until when the location counts as live whatever its lease says; 0 for one that is given no time. */
  until(location: string): number {
    return this.locations.has(location) ? this.endsAt : 0;
  }
}
