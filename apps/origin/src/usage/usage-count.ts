import { usageOf, type CountedSpace, type Usage } from '@knot/domain';
import type { Store } from '@knot/shared/store';
import { wantNow } from '../spaces/schedule-rules.js';
import { eachUser } from '../users/each-user.js';

const PAGE = 500;
/** Whoever asks again within this time gets the same count. */
const FRESH_MS = 15_000;

/** Of everybody together. */
export const EVERYBODY = 'all';

/** What is used now: of `all`, of each `user:<id>` with a space and of each `group:<id>` with such a member. */
export type UsageBySubject = ReadonlyMap<string, Usage>;

/** Counts the spaces of everybody; many who ask at once cost one count. */
export class UsageCount {
  private latest: { readonly at: number; readonly counted: Promise<UsageBySubject> } | null = null;

  constructor(
    private readonly store: Store,
    private readonly clock: { now(): number; monotonic(): number },
  ) {}

  now(): Promise<UsageBySubject> {
    const at = this.clock.monotonic();
    if (this.latest && at - this.latest.at < FRESH_MS) return this.latest.counted;
    const counted = this.count();
    this.latest = { at, counted };
    // of one that failed nobody is told twice
    counted.catch(() => (this.latest = null));
    return counted;
  }

  private async count(): Promise<UsageBySubject> {
    const byOwner = await this.spacesByOwner();
    const bySubject = new Map<string, CountedSpace[]>([[EVERYBODY, [...byOwner.values()].flat()]]);
    for (const [ownerId, spaces] of byOwner) bySubject.set(`user:${ownerId}`, spaces);
    for await (const { id, groups } of eachUser(this.store)) {
      for (const group of groups) {
        const spaces = byOwner.get(id) ?? [];
        if (spaces.length > 0) bySubject.set(`group:${group}`, [...(bySubject.get(`group:${group}`) ?? []), ...spaces]);
      }
    }
    return new Map([...bySubject].map(([subject, spaces]) => [subject, usageOf(spaces)]));
  }

  private async spacesByOwner(): Promise<ReadonlyMap<string, CountedSpace[]>> {
    const byOwner = new Map<string, CountedSpace[]>();
    for (let after: string | undefined; ;) {
      const { rows, next } = await this.store.page('space', { limit: PAGE, after });
      const now = this.clock.now();
      for (const row of rows) {
        const { id, ownerId, snapshotHash, computeUnits, storageUnits } = row;
        const spaces = byOwner.get(ownerId) ?? [];
        spaces.push({ id, want: wantNow(row, now), snapshotHash, computeUnits, storageUnits });
        byOwner.set(ownerId, spaces);
      }
      if (next === null) return byOwner;
      after = next;
    }
  }
}
