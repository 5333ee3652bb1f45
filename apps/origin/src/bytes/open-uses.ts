import type { Clock, ClockTimer } from '@knot/shared';
import { KnotError } from '@knot/shared/errors';
import type { Store } from '@knot/shared/store';

/** What changes together is looked at once: the shortest time from one look to the next, ms. */
const PAUSE_MS = 400;
/** So often it is looked all the same, for what no commit tells: a token that runs out. ms */
const UNTOLD_MS = 2_000;
/** Of the questions that one look asks of the store. */
const AT_ONCE = 8;
/** One that is not answered by then is asked again at the next look, ms. */
const ANSWER_MS = 5_000;
/** Of one space at a time; what an agent carries is bounded beyond that. */
const MOST_OF_ONE = 400;

interface Use {
  /** Names what is open and to whom: those of the same key are looked at once. */
  readonly key: string;
  readonly still: () => Promise<boolean>;
  readonly cut: () => void;
}

/**
 * What people have open into spaces through this origin, cut once whoever opened it no longer may: it is looked as soon as
 * something was opened or committed, here or at another origin of the store.
 */
export class OpenUses {
  private readonly open = new Set<Use>();
  /** Those that were not looked at yet. */
  private readonly fresh = new Set<Use>();
  private readonly counts = new Map<string, number>();
  private readonly unfollow: () => void;
  private timer: ClockTimer | null = null;
  private changed = false;
  private looking = false;
  private lookedAt = -Infinity;
  private allLookedAt = -Infinity;
  private closed = false;

  constructor(
    store: Pick<Store, 'onCommit'>,
    private readonly clock: Clock,
  ) {
    this.unfollow = store.onCommit(() => {
      if (this.changed) return;
      this.changed = true;
      this.schedule();
    });
  }

  /** Throws `server.unavailable` where as much is open to the space as may be. */
  assertRoom(space: string): void {
    if ((this.counts.get(space) ?? 0) < MOST_OF_ONE) return;
    throw new KnotError('server.unavailable', 'Too much is open to this space at once.', 'Try again in a moment.');
  }

  /** Until `over` settles. */
  async watch(space: string, use: Use, over: Promise<void>): Promise<void> {
    this.open.add(use);
    this.fresh.add(use);
    this.counts.set(space, (this.counts.get(space) ?? 0) + 1);
    this.schedule();
    try {
      await over;
    } finally {
      this.open.delete(use);
      this.fresh.delete(use);
      const left = (this.counts.get(space) ?? 1) - 1;
      if (left > 0) this.counts.set(space, left);
      else this.counts.delete(space);
    }
  }

  close(): void {
    this.closed = true;
    this.unfollow();
    if (this.timer) this.clock.clearTimeout(this.timer);
    for (const use of this.open) use.cut();
  }

  private schedule(): void {
    if (this.looking || this.closed || this.open.size === 0) return;
    if (this.timer) this.clock.clearTimeout(this.timer);
    const isNew = this.changed || this.fresh.size > 0;
    const due = Math.min(this.allLookedAt + UNTOLD_MS, isNew ? this.lookedAt + PAUSE_MS : Infinity);
    this.timer = this.clock.setTimeout(() => this.lookNow(), Math.max(0, due - this.clock.monotonic()));
  }

  private lookNow(): void {
    const now = this.clock.monotonic();
    const all = this.changed || now >= this.allLookedAt + UNTOLD_MS;
    const byKey = Map.groupBy(all ? this.open : this.fresh, ({ key }) => key);
    this.fresh.clear();
    if (all) [this.changed, this.allLookedAt] = [false, now];
    this.looking = true;
    void this.look([...byKey.values()]).finally(() => {
      this.looking = false;
      this.lookedAt = this.clock.monotonic();
      this.schedule();
    });
  }

  private async look(all: (readonly Use[])[]): Promise<void> {
    const left = all.values();
    const one = async () => {
      for (const uses of left) {
        if (uses[0] && (await this.still(uses[0]))) continue;
        for (const use of uses) use.cut();
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, one));
  }

  /** A store that does not answer takes nothing from anybody. */
  private async still(use: Use): Promise<boolean> {
    const { promise: late, resolve } = Promise.withResolvers<boolean>();
    const timer = this.clock.setTimeout(() => resolve(true), ANSWER_MS);
    const still = await Promise.race([use.still().catch(() => true), late]);
    this.clock.clearTimeout(timer);
    return still;
  }
}
