import type { Chance } from './chance.js';
import type { SimClock } from './sim-clock.js';
import type { SimProcess } from './sim-process.js';

/**
 * A disk that takes its time: what was written is durable a while before its process hears of it. A process that dies
 * before then may or may not have written.
 */
export function diskSchedule(
  clock: SimClock,
  process: SimProcess,
  chance: Chance,
  /** How much longer than usual it may take at present, ms. */
  slowMs: () => number = () => 0,
): (write: () => void) => Promise<void> {
  return (write) =>
    new Promise((resolve) => {
      clock.setTimeout(
        () => {
          if (process.alive || chance.hits(0.5)) write();
          if (chance.hits(0.2)) clock.setTimeout(resolve, chance.between(1, 5));
          else resolve();
        },
        chance.next() * (3 + slowMs()),
      );
    });
}
