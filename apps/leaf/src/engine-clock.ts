import type { EngineOptions } from '@knot/reconcile';
import type { Clock } from '@knot/shared';

/** The leaf's clock as an engine of it counts time: one that nobody sets. */
export function engineClock(clock: Clock): EngineOptions['clock'] {
  return {
    now: () => clock.monotonic(),
    setTimeout: (fire, ms) => clock.setTimeout(fire, ms),
    clearTimeout: (timer) => clock.clearTimeout(timer),
  };
}
