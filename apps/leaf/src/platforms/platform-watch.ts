import type { Driver } from '@knot/drivers';
import type { Priority } from '@knot/reconcile';
import type { Clock, Logger } from '@knot/shared';
import { toKnotError } from '@knot/shared/errors';
import type { Inventory } from '../inventory.js';
import { pause, within } from '../within.js';
import { Gathering } from './gathering.js';
import type { Platforms } from './platforms.js';

const HEALTH_MS = 5_000;
const WELL_EVERY_MS = 30_000;
const ILL_EVERY_MS = 2_000;
const WATCH_AGAIN_MS = 5_000;

/** Listens to one backend and asks how it is; what it says puts keys on the queue. */
export class PlatformWatch {
  private readonly gathering = new Gathering();

  constructor(
    private readonly driver: Driver,
    private readonly parts: {
      readonly platforms: Platforms;
      readonly inventory: Inventory;
      readonly clock: Clock;
      readonly logger: Logger;
      readonly enqueue: (key: string, priority: Priority) => void;
      readonly enqueueAfter: (key: string, ms: number, priority: Priority) => void;
      /** Marked objects may have come or gone that no row names. */
      readonly onStrangers: () => void;
      /** Its health has changed. */
      readonly onHealth: () => void;
    },
  ) {}

  /** Until the signal. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([this.listen(signal), this.look(signal)]);
  }

  private async listen(signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.parts;
    while (!signal.aborted) {
      try {
        await this.driver.watch((space) => this.hint(space), signal);
      } catch (error) {
        if (!signal.aborted)
          logger.warn({ err: error, platform: this.driver.platform }, 'the backend cannot be watched');
      }
      await pause(clock, WATCH_AGAIN_MS, signal);
    }
  }

  private hint(id: string | null): void {
    const { inventory, clock, enqueueAfter, onStrangers } = this.parts;
    if (id === null) {
      this.enqueueAll('drift');
      return onStrangers();
    }
    const key = inventory.keyOfId(id);
    if (key === null) onStrangers();
    else enqueueAfter(key, this.gathering.delayMs(id, clock.monotonic()), 'status');
  }

  private async look(signal: AbortSignal): Promise<void> {
    const { platforms, clock, logger, onHealth } = this.parts;
    const { platform } = this.driver;
    while (!signal.aborted) {
      let health = await this.health(signal);
      // one answer that came too late from a busy backend is no reason to refuse starts
      if (health.trouble?.reason === 'BackendUnavailable' && platforms.health(platform).ready) {
        await pause(clock, ILL_EVERY_MS, signal);
        health = await this.health(signal);
      }
      if (signal.aborted) return;
      const { changed, recovered } = platforms.noteHealth(platform, health);
      if (changed) {
        onHealth();
        const { ready, version, trouble } = health;
        if (ready) logger.info({ platform, version }, 'the backend is ready');
        else logger.warn({ platform, reason: trouble?.reason }, `the backend is not ready: ${trouble?.message ?? ''}`);
      }
      // As a user's wish, so that what backs off does not wait longer than the backend did.
      if (recovered) this.enqueueAll('user');
      await pause(clock, health.ready ? WELL_EVERY_MS : ILL_EVERY_MS, signal);
    }
  }

  private async health(signal: AbortSignal) {
    try {
      return await within(this.parts.clock, HEALTH_MS, signal, (limited) => this.driver.health(limited));
    } catch (error) {
      const trouble = { reason: 'BackendUnavailable' as const, message: toKnotError(error).message };
      return { ready: false, trouble, version: '', facts: {} };
    }
  }

  private enqueueAll(priority: Priority): void {
    const { inventory, enqueue } = this.parts;
    for (const key of inventory.keys(this.driver.platform)) enqueue(key, priority);
  }
}
