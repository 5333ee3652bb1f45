import { isKnotError } from '@knot/shared/errors';
import type { OfferRow, Store } from '@knot/shared/store';
import { endOf } from './offer-writes.js';

const PAGE = 200;

/** Ends offers of spaces and to users that are gone. */
export class OfferSweep {
  constructor(private readonly store: Store) {}

  async run(): Promise<void> {
    for (let after: string | undefined; ;) {
      const { rows, next } = await this.store.page('offer', { limit: PAGE, after });
      await this.endStale(rows);
      if (next === null) return;
      after = next;
    }
  }

  private async endStale(rows: readonly OfferRow[]): Promise<void> {
    const [spaces, users] = await Promise.all([
      this.store.getMany('space', [...new Set(rows.map(({ spaceId }) => spaceId))]),
      this.store.getMany('user', [...new Set(rows.map(({ userId }) => userId))]),
    ]);
    const there = new Set(users.map(({ id }) => id));
    for (const row of rows) {
      const space = spaces.find(({ id }) => id === row.spaceId) ?? null;
      if (space && there.has(row.userId)) continue;
      try {
        await this.store.commit(endOf(row, space));
      } catch (error) {
        // changed this very moment: the next round looks again
        if (!isKnotError(error, 'store.conflict')) throw error;
      }
    }
  }
}
