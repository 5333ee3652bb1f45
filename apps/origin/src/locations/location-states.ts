import type { PlacementLocation } from '@knot/domain';
import type { LeaseRow, LocationRow, LocationStatusRow, Store } from '@knot/shared/store';
import { everyRow } from '../deeds/each-row.js';
import { LEASE_TTL_MS } from '../sync/renew-lease.js';
import type { StartGrace } from './start-grace.js';

/** A location as far as it is known now. */
export interface LocationState {
  readonly row: LocationRow;
  readonly lease: LeaseRow | null;
  readonly status: LocationStatusRow | null;
  readonly live: boolean;
  /** Whether a wish may wait for its leaf: it is live, or it gave its lease back and was heard of a moment before. */
  readonly expected: boolean;
  /** ms since the epoch; 0 when it is silent. */
  readonly liveUntil: number;
}

/** A leaf that is replaced (a roll-out, an upgrade, another node) is away for as long at most; it says when it goes. */
const RETURN_MS = 2 * 60_000;

/** Reads locations with their lease, by the store's clock. */
export class LocationStates {
  constructor(
    private readonly store: Store,
    private readonly grace: Pick<StartGrace, 'until'>,
  ) {}

  async all(): Promise<readonly LocationState[]> {
    return this.of(await everyRow(this.store, 'location'));
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
    const leaseOf = new Map(leases.map((lease) => [lease.id, lease]));
    const statusOf = new Map(statuses.map((status) => [status.id, status]));
    return rows.map((row) => {
      const [lease, status] = [leaseOf.get(row.id) ?? null, statusOf.get(row.id) ?? null];
      const until =
        lease && lease.renewedAt > 0 ? Math.max(lease.renewedAt + LEASE_TTL_MS, this.grace.until(row.id)) : 0;
      const live = until > now;
      return {
        row,
        lease,
        status,
        live,
        liveUntil: live ? until : 0,
        expected: live || isBetweenTwo(lease, status, now),
      };
    });
  }
}

/** Whoever held the lease last gave it back, and spoke so lately that another is to be waited for. */
function isBetweenTwo(lease: LeaseRow | null, status: LocationStatusRow | null, now: number): boolean {
  if (!lease || lease.holder === '' || lease.renewedAt !== 0) return false;
  return (status?.reportedAt ?? 0) + RETURN_MS > now;
}

export function placementOf({ row, status, expected }: LocationState): PlacementLocation {
  return { name: row.id, expected, platforms: status?.platforms ?? [] };
}
