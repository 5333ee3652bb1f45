import { isKnotError } from '@knot/shared/errors';
import type { LogEntry, Position, SpaceRow, Store } from '@knot/shared/store';

const PAGE = 500;

interface Wish {
  readonly location: string;
  readonly wishedAt: number;
}

/**
 * The wishes that no leaf has reported on yet. It reads all spaces once and then what the log says has changed since the
 * last look, so that a look costs the changes and not the spaces.
 */
export class UnobservedWishes {
  private readonly wishes = new Map<string, Wish>();
  private position: Position | null = null;
  private looking: Promise<void> | null = null;

  constructor(private readonly store: Store) {}

  /** Of each location that has any: how many, and when the oldest was made (ms since the epoch). */
  async byLocation(): Promise<ReadonlyMap<string, { readonly count: number; readonly oldest: number }>> {
    this.looking ??= this.look().finally(() => (this.looking = null));
    await this.looking;
    const found = new Map<string, { count: number; oldest: number }>();
    for (const { location, wishedAt } of this.wishes.values()) {
      const { count, oldest } = found.get(location) ?? { count: 0, oldest: wishedAt };
      found.set(location, { count: count + 1, oldest: Math.min(oldest, wishedAt) });
    }
    return found;
  }

  private async look(): Promise<void> {
    this.position ??= await this.readAll();
    for (;;) {
      const entries = await this.entries(this.position);
      if (entries === null) {
        this.position = await this.readAll();
        continue;
      }
      const ids = entries.filter(({ kind }) => kind === 'space' || kind === 'spaceObserved').map(({ id }) => id);
      if (ids.length > 0) await this.judge([...new Set(ids)]);
      const last = entries.at(-1);
      if (last) this.position = { epoch: this.position.epoch, rev: last.rev, nonce: last.nonce };
      if (entries.length < PAGE) return;
    }
  }

  /** Null when the log no longer reaches back to the position. */
  private async entries(after: Position): Promise<readonly LogEntry[] | null> {
    try {
      return await this.store.log('events', after, PAGE);
    } catch (error) {
      if (isKnotError(error, 'sync.relist')) return null;
      throw error;
    }
  }

  private async readAll(): Promise<Position> {
    // what changes while the pages are read is looked at once more by the log
    const head = await this.store.head('events');
    this.wishes.clear();
    for (let after: string | undefined; ;) {
      const { rows, next } = await this.store.page('space', { limit: PAGE, after });
      await this.judgeRows(rows);
      if (next === null) return head;
      after = next;
    }
  }

  private async judge(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.wishes.delete(id);
    await this.judgeRows(await this.store.getMany('space', ids));
  }

  private async judgeRows(rows: readonly SpaceRow[]): Promise<void> {
    // a space that was never started is no leaf's business
    const wished = rows.filter(({ snapshotHash }) => snapshotHash !== '');
    const observed = await this.store.getMany(
      'spaceObserved',
      wished.map(({ id }) => id),
    );
    const seen = new Map(observed.map((row) => [row.id, row.observedGeneration]));
    for (const { id, generation, location, wishedAt } of wished) {
      if ((seen.get(id) ?? 0) < generation) this.wishes.set(id, { location, wishedAt });
    }
  }
}
