import type { Clock, ClockTimer } from '@knot/shared';
import { KnotError } from '@knot/shared/errors';

/** How often it is looked whether they still may, ms. */
const LOOK_EVERY_MS = 400;
/** Of one space at a time; what an agent carries is bounded beyond that. */
const MOST_OF_ONE = 400;

interface Use {
  /** Names what is open and to whom: those of the same key are looked at once. */
  readonly key: string;
  readonly still: () => Promise<boolean>;
  readonly cut: () => void;
}

/** What people have open into spaces through this origin, cut once whoever opened it no longer may. */
export class OpenUses {
  private readonly open = new Set<Use>();
  private readonly counts = new Map<string, number>();
  private timer: ClockTimer | null = null;
  private closed = false;

  constructor(private readonly clock: Clock) {}

  /** Throws `server.unavailable` where as much is open to the space as may be. */
  assertRoom(space: string): void {
    if ((this.counts.get(space) ?? 0) < MOST_OF_ONE) return;
    throw new KnotError('server.unavailable', 'Too much is open to this space at once.', 'Try again in a moment.');
  }

  /** Until `over` settles. */
  async watch(space: string, use: Use, over: Promise<void>): Promise<void> {
    this.open.add(use);
    this.counts.set(space, (this.counts.get(space) ?? 0) + 1);
    this.schedule();
    try {
      await over;
    } finally {
      this.open.delete(use);
      const left = (this.counts.get(space) ?? 1) - 1;
      if (left > 0) this.counts.set(space, left);
      else this.counts.delete(space);
    }
  }

  close(): void {
    this.closed = true;
    if (this.timer) this.clock.clearTimeout(this.timer);
    for (const use of this.open) use.cut();
  }

  private schedule(): void {
    if (this.timer || this.closed || this.open.size === 0) return;
    this.timer = this.clock.setTimeout(() => {
      void this.look().finally(() => {
        this.timer = null;
        this.schedule();
      });
    }, LOOK_EVERY_MS);
  }

  private async look(): Promise<void> {
    const byKey = Map.groupBy(this.open, ({ key }) => key);
    for (const uses of byKey.values()) {
      // a store that does not answer takes nothing from anybody
      const still = (await uses[0]?.still().catch(() => true)) ?? true;
      if (!still) for (const use of uses) use.cut();
    }
  }
}
