import type { Clock, ClockTimer, Logger } from '@knot/shared';
import { isKnotError, toKnotError } from '@knot/shared/errors';
import type { RollOutRow, Store } from '@knot/shared/store';
import type { Fence, LeaderLease } from '../origins/leader-lease.js';
import type { RollOutRound } from './roll-out-round.js';

/** So soon it looks after something has changed, and so often all the same. */
const SOON_MS = 1_000;
const IDLE_MS = 10_000;
/** Between two rounds of what updates now, and of what waits for spaces to stop. */
const ROUND_MS = 250;
const PATIENT_MS = 30_000;
const MOST = 100;

/** Carries out roll-outs, on one origin at a time, whoever began them and wherever. */
export class RollOutRunner {
  private timer: ClockTimer | null = null;
  private running: Promise<void> = Promise.resolve();
  private closed = false;
  /** Something has changed since it looked. */
  private changed = false;
  /** When it looks next, monotonic ms; it is looking: 0. */
  private due = 0;
  private readonly unsubscribe: () => void;
  /** When each of those that wait for spaces to stop was last looked at, monotonic ms. */
  private readonly lookedAt = new Map<string, number>();

  constructor(
    private readonly ports: {
      readonly store: Store;
      readonly clock: Clock;
      readonly logger: Logger;
      readonly leader: LeaderLease;
      readonly round: RollOutRound;
    },
  ) {
    this.unsubscribe = ports.store.onCommit((streams) => {
      if (streams.includes('events')) this.note();
    });
  }

  start(): void {
    this.after(SOON_MS);
  }

  async close(): Promise<void> {
    this.closed = true;
    this.unsubscribe();
    this.timer?.clear();
    await this.running;
  }

  /** Perhaps somebody has begun a roll-out. */
  private note(): void {
    this.changed = true;
    if (this.due > this.ports.clock.monotonic() + SOON_MS) this.after(SOON_MS);
  }

  private after(ms: number): void {
    if (this.closed) return;
    this.timer?.clear();
    this.due = this.ports.clock.monotonic() + ms;
    this.timer = this.ports.clock.setTimeout(() => {
      this.due = 0;
      this.changed = false;
      this.running = this.look().then((busy) => {
        this.after(busy ? ROUND_MS : this.changed ? SOON_MS : IDLE_MS);
      });
    }, ms);
  }

  /** Whether there is more to do soon. */
  private async look(): Promise<boolean> {
    try {
      const due = await this.dueOnes();
      if (due.length === 0) return false;
      await this.ports.leader.lead(async (fence) => {
        for (const row of due) await this.goOn(row, fence);
      });
      return due.some(({ moment }) => moment === 'now');
    } catch (error) {
      this.ports.logger.warn({ err: toKnotError(error) }, 'roll-outs go on with the next round');
      return false;
    }
  }

  private async dueOnes(): Promise<readonly RollOutRow[]> {
    const { store, clock } = this.ports;
    const { rows } = await store.page('rollOut', { where: { state: 'going' }, limit: MOST });
    const now = clock.monotonic();
    for (const id of this.lookedAt.keys()) if (!rows.some((row) => row.id === id)) this.lookedAt.delete(id);
    return rows.filter(
      ({ id, moment }) => moment === 'now' || now - (this.lookedAt.get(id) ?? -PATIENT_MS) >= PATIENT_MS,
    );
  }

  /** One that cannot go on now does not keep the others from it. */
  private async goOn({ id }: RollOutRow, fence: Fence): Promise<void> {
    this.lookedAt.set(id, this.ports.clock.monotonic());
    try {
      await this.ports.round.run(id, fence);
    } catch (error) {
      // another origin leads, or somebody changed it in this moment: the next round sees what is there then
      if (isKnotError(error, 'store.conflict')) return;
      this.ports.logger.warn({ err: toKnotError(error), rollOut: id }, 'a roll-out goes on with the next round');
    }
  }
}
