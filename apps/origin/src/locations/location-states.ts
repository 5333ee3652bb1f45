import type { PlacementLocation } from '@knot/domain';
import type { LeaseRow, LocationRow, LocationStatusRow, Store } from '@knot/shared/store';
import { LEASE_TTL_MS } from '../sync/renew-lease.js';
import type { StartGrace } from './start-grace.js';

/** A location as far as it is known now. */
export interface LocationState {
  readonly row: LocationRow;
  readonly lease: LeaseRow | null;
  readonly status: LocationStatusRow | null;
  readonly live: boolean;
  /** ms since the epoch; 0 when it is silent. */
  readonly liveUntil: number;
}

const MOST = 500;

/** Reads locations with their lease, by the store's clock. */
export class LocationStates {
  constructor(
    private readonly store: Store,
    private readonly grace: Pick<StartGrace, 'until'>,
  ) {}

  async all(): Promise<readonly LocationState[]> {
    const { rows } = await this.store.page('location', { limit: MOST });
    return this.of(rows);
  }

  async named(names: readonly string[]): Promise<ReadonlyMap<string, LocationState>> {
    const states = await this.of(await this.store.getMany('location', [...new Set(names)]));
    return new Map(states.map((state) => [state.row.id, state]));
  }

  private async of(rows: readonly LocationRow[]): Promise<readonly LocationState[]> {
    const ids = rows.map(({ id }) => id);
    const [leases, statuses, now] = await Promise.all([
      this.store.getMany('lease', ids),
      this.store.getMany('locationStatus', ids),
      this.store.now(),
    ]);
    return rows.map((row) => {
      const lease = leases.find(({ id }) => id === row.id) ?? null;
      const status = statuses.find(({ id }) => id === row.id) ?? null;
      const until =
        lease && lease.renewedAt > 0 ? Math.max(lease.renewedAt + LEASE_TTL_MS, this.grace.until(row.id)) : 0;
      return { row, lease, status, live: until > now, liveUntil: until > now ? until : 0 };
    });
  }
}

export function placementOf({ row, status, live }: LocationState): PlacementLocation {
  return { name: row.id, live, platforms: status?.platforms ?? [] };
}
