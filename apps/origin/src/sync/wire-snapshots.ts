import type { sync } from '@knot/contract';
import type { Store } from '@knot/shared/store';
import type { SnapshotVault } from '../spaces/snapshot-vault.js';
import { snapshotWeight, wireSnapshot } from './to-wire.js';

/** Of all that are kept together, by `snapshotWeight`: some 4,000 spaces of usual size. */
const MOST_KEPT = 4_000_000;

/**
 * Opened snapshots as they travel. A snapshot never changes under its hash, so the last used are kept: most changes of a
 * space leave it as it was, and then it is neither read nor opened again (ADR 0035 weighs what that leaves in memory).
 */
export class WireSnapshots {
  /** The least recently used first. */
  private readonly kept = new Map<string, sync.Snapshot>();
  private weight = 0;

  constructor(
    private readonly store: Store,
    private readonly vault: SnapshotVault,
    private readonly mostKept = MOST_KEPT,
  ) {}

  /** Those that exist, by their hash; nobody may change them. */
  async of(hashes: readonly string[]): Promise<ReadonlyMap<string, sync.Snapshot>> {
    const found = new Map<string, sync.Snapshot>();
    const missing: string[] = [];
    for (const hash of new Set(hashes)) {
      const kept = this.kept.get(hash);
      const sealed = kept === undefined ? this.vault.sealedLately(hash) : undefined;
      if (kept) found.set(hash, this.used(hash, kept));
      else if (sealed) found.set(hash, this.keep(wireSnapshot(sealed)));
      else missing.push(hash);
    }
    for (const row of await this.store.getMany('snapshot', missing)) {
      found.set(row.id, this.keep(wireSnapshot(this.vault.open(row))));
    }
    return found;
  }

  private used(hash: string, snapshot: sync.Snapshot): sync.Snapshot {
    this.kept.delete(hash);
    this.kept.set(hash, snapshot);
    return snapshot;
  }

  private keep(snapshot: sync.Snapshot): sync.Snapshot {
    const { hash } = snapshot;
    if (this.kept.has(hash)) return snapshot;
    this.kept.set(hash, snapshot);
    this.weight += snapshotWeight(snapshot);
    for (const [oldest, dropped] of this.kept) {
      if (this.weight <= this.mostKept) break;
      this.kept.delete(oldest);
      this.weight -= snapshotWeight(dropped);
    }
    return snapshot;
  }
}
