import type { Store } from '@knot/shared/store';
import { Gauge, type Registry } from 'prom-client';
import type { LocationStates } from '../locations/location-states.js';
import type { UnobservedWishes } from './unobserved-wishes.js';

export interface LocationMetricsPorts {
  readonly store: Store;
  readonly states: LocationStates;
  readonly wishes: UnobservedWishes;
}

/** What the origin knows of each location, read at the scrape: a few rows of each, and the wishes changed since the last. */
export class LocationMetrics {
  private readonly gauges: Readonly<Record<'live' | 'lag' | 'leaseAge' | 'unobserved' | 'wishAge', Gauge<'location'>>>;

  constructor(
    private readonly ports: LocationMetricsPorts,
    registry: Registry,
  ) {
    const gauge = (name: string, help: string) =>
      new Gauge({ name, help, labelNames: ['location'], registers: [registry] });
    this.gauges = {
      live: gauge('knot_location_live', 'Whether the leaf of the location is heard of.'),
      lag: gauge('knot_location_revision_lag', 'Revisions of the location that its leaf has not said to have stored.'),
      leaseAge: gauge('knot_location_lease_age_seconds', 'Since the lease was last renewed; NaN when nobody holds it.'),
      unobserved: gauge('knot_location_unobserved_wishes', 'Wishes that the leaf has not reported on yet.'),
      wishAge: gauge('knot_location_unobserved_wish_age_seconds', 'Age of the oldest of these wishes; 0 without any.'),
    };
  }

  async update(): Promise<void> {
    const { store, states, wishes } = this.ports;
    const [all, unobserved, now] = await Promise.all([states.all(), wishes.byLocation(), store.now()]);
    // a location that was forgotten is shown no more
    for (const gauge of Object.values(this.gauges)) gauge.reset();
    for (const { row, lease, status, live } of all) {
      const location = row.id;
      const { rev } = await store.head(`location:${location}`);
      const { count, oldest } = unobserved.get(location) ?? { count: 0, oldest: now };
      const renewedAt = lease?.renewedAt ?? 0;
      this.gauges.live.set({ location }, Number(live));
      this.gauges.lag.set({ location }, Math.max(0, rev - (status?.appliedRev ?? 0)));
      this.gauges.leaseAge.set({ location }, renewedAt === 0 ? Number.NaN : (now - renewedAt) / 1_000);
      this.gauges.unobserved.set({ location }, count);
      this.gauges.wishAge.set({ location }, Math.max(0, now - oldest) / 1_000);
    }
  }
}
