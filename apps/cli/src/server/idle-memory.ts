import { performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import type { Clock, ClockTimer } from '@knot/shared/config';

const LOOK_MS = 1_000;
/** Share of a look in which the event loop may be busy for it to count as quiet. */
const QUIET = 0.05;
/** Quiet looks in a row before memory is favoured. */
const QUIET_LOOKS = 10;

export interface MemoryPorts {
  /** Share of the time since the last call that the event loop was busy, 0 to 1. */
  busy(): number;
  /** What the collector prefers from now on: a small heap, or speed. */
  favour(what: 'memory' | 'speed'): void;
}

/**
 * Lets V8 give back what a start or a burst left behind. Its memory reducer would do so by itself, in small steps, but
 * measures the allocation rate only while it collects, so that a quiet process keeps 50 MB (after a burst 200) for ever.
 * Told to favour memory it goes on; while there is work it is told to favour speed (the same burst takes twice the CPU
 * otherwise).
 */
export class IdleMemory {
  private timer: ClockTimer | null = null;
  private quiet = 0;
  private favoured: 'memory' | 'speed' = 'speed';

  constructor(
    private readonly clock: Pick<Clock, 'setTimeout'>,
    private readonly memory: MemoryPorts,
  ) {}

  start(): void {
    this.timer = this.clock.setTimeout(() => {
      this.look();
      this.start();
    }, LOOK_MS);
  }

  close(): void {
    this.timer?.clear();
  }

  private look(): void {
    this.quiet = this.memory.busy() < QUIET ? this.quiet + 1 : 0;
    const wanted = this.quiet >= QUIET_LOOKS ? 'memory' : 'speed';
    if (wanted === this.favoured) return;
    this.favoured = wanted;
    this.memory.favour(wanted);
  }
}

/** Of this process. */
export function nodeMemory(): MemoryPorts {
  let before = performance.eventLoopUtilization();
  return {
    busy: () => {
      const now = performance.eventLoopUtilization();
      const { utilization } = performance.eventLoopUtilization(now, before);
      before = now;
      return utilization;
    },
    // read by the collector whenever it decides, so it may change while the process runs
    favour: (what) => setFlagsFromString(what === 'memory' ? '--optimize-for-size' : '--no-optimize-for-size'),
  };
}
