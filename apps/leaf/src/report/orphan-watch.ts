import type { Clock, Logger } from '@knot/shared';
import { Bell } from '../bell.js';
import { pause } from '../within.js';
import type { Orphans } from './orphans.js';

/** Hints come in swarms: one look answers all that came within this time, ms. */
const GATHER_MS = 1_000;
const EVERY_MS = 10 * 60_000;
const AGAIN_MS = 15_000;

/** Looks for orphans when something hints at them, and every ten minutes. */
export class OrphanWatch {
  private readonly bell = new Bell();

  constructor(
    private readonly orphans: Orphans,
    private readonly clock: Clock,
    private readonly logger: Logger,
    private readonly onChange: () => void,
  ) {}

  poke(): void {
    this.bell.ring();
  }

  /** Until the signal. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const timer = this.clock.setTimeout(() => this.bell.ring(), EVERY_MS);
      await this.bell.wait(signal);
      this.clock.clearTimeout(timer);
      await pause(this.clock, GATHER_MS, signal);
      if (signal.aborted) return;
      await this.refresh(signal);
    }
  }

  private tell(): void {
    const count = this.orphans.list().length;
    if (count > 0)
      this.logger.warn(
        { count },
        'the backends hold objects of this location that no row names; nothing is done to them',
      );
    this.onChange();
  }

  private async refresh(signal: AbortSignal): Promise<void> {
    try {
      if (await this.orphans.refresh(signal)) this.tell();
      if (this.orphans.silence !== null) await this.again(this.orphans.silence, signal);
    } catch (error) {
      await this.again(error, signal);
    }
  }

  private async again(err: unknown, signal: AbortSignal): Promise<void> {
    this.logger.debug({ err }, 'a backend could not be looked through for orphans');
    await pause(this.clock, AGAIN_MS, signal);
    this.bell.ring();
  }
}
