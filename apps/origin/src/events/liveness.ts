import type { Clock, ClockTimer, Logger } from '@knot/shared';
import { toKnotError } from '@knot/shared/errors';
import type { LocationStates } from '../locations/location-states.js';

const LOOK_MS = 2_000;

/** Notices locations that fall silent or come back: a lease that runs out writes no row. */
export class Liveness {
  private readonly listeners = new Set<(location: string) => void>();
  private live = new Map<string, boolean>();
  private timer: ClockTimer | null = null;
  private closed = false;

  constructor(
    private readonly states: LocationStates,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  onChange(listener: (location: string) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  start(): void {
    if (this.closed) return;
    this.timer = this.clock.setTimeout(() => {
      this.look()
        .catch((error: unknown) =>
          this.logger.warn({ err: toKnotError(error) }, 'the locations could not be looked at'),
        )
        .finally(() => this.start());
    }, LOOK_MS);
  }

  close(): void {
    this.closed = true;
    this.timer?.clear();
  }

  async look(): Promise<void> {
    const now = new Map((await this.states.all()).map(({ row, live }) => [row.id, live]));
    for (const [location, live] of now) {
      const before = this.live.get(location);
      if (before === undefined || before === live) continue;
      this.logger.info({ location, live }, live ? 'a location is heard of again' : 'a location fell silent');
      for (const listener of this.listeners) listener(location);
    }
    this.live = now;
  }
}
