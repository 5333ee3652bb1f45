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
      if (kept === undefined) missing.push(hash);
      else found.set(hash, this.used(hash, kept));
    }
    for (const row of await this.store.getMany('snapshot', missing)) {
      const snapshot = wireSnapshot(this.vault.open(row));
      found.set(row.id, snapshot);
      this.keep(row.id, snapshot);
    }
    return found;
  }

  private used(hash: string, snapshot: sync.Snapshot): sync.Snapshot {
    this.kept.delete(hash);
    this.kept.set(hash, snapshot);
    return snapshot;
  }

  private keep(hash: string, snapshot: sync.Snapshot): void {
    if (this.kept.has(hash)) return;
    this.kept.set(hash, snapshot);
    this.weight += snapshotWeight(snapshot);
    for (const [oldest, dropped] of this.kept) {
      if (this.weight <= this.mostKept) return;
      this.kept.delete(oldest);
      this.weight -= snapshotWeight(dropped);
    }
  }
}
