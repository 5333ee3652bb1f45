import type { Commit } from '@knot/shared/store';
import type { OriginDisk } from '../store/disk.js';
import type { History } from '../world/history.js';

const LEASE = '~housekeeping';
/** What only a sweep takes away, a commit for each kind. */
const SWEPT = ['throttle', 'idempotency'];

/** I7 for origins: what only one of them should do is done by the one that leads, and by none that was overtaken. */
export class SweepChecks {
  constructor(
    private readonly history: History,
    private readonly disk: () => OriginDisk,
  ) {}

  /** Called in the instant of the commit. An origin leads by the name of its process. */
  committed({ writes }: Commit, who: string): void {
    if (!writes.some((write) => 'delete' in write && SWEPT.includes(write.delete))) return;
    const lease = this.disk().row('lease', LEASE);
    if (lease?.holder === who && lease.renewedAt > 0) return;
    this.history.break('I7', `${who} swept while ${lease?.renewedAt ? lease.holder : 'nobody'} led`);
  }
}
