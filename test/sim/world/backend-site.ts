import type { Platform } from '@knot/domain';
import { FakeBackend, type CallFacts, type Fault, type FaultKind } from '@knot/drivers/fake';
import type { Chance } from './chance.js';
import { Machine } from './machine.js';
import type { SimClock } from './sim-clock.js';

/** Trouble that a backend makes for all who call it. */
export interface BackendTrouble {
  readonly kind: FaultKind;
  readonly when: Fault['when'];
  readonly probability: number;
}

/** One orchestrator of the simulated location: its world, and the trouble it makes at present. */
export class BackendSite {
  readonly backend: FakeBackend;
  /** Where workloads are processes of one machine. */
  readonly machine: Machine | null;
  trouble: BackendTrouble | null = null;
  /** Calls that were made, by space. */
  readonly calls = new Map<string, number>();

  constructor(
    clock: SimClock,
    readonly platform: Platform,
    private readonly chance: Chance,
  ) {
    this.backend = new FakeBackend(clock, {
      placementMs: 200,
      healthMs: 800,
      stopMs: 400,
      volumeMs: 150,
      latencyMs: 6,
    });
    this.machine = platform === 'local' ? new Machine(this.backend) : null;
  }

  readonly fault = ({ call, space }: CallFacts): Fault | null => {
    this.calls.set(space, (this.calls.get(space) ?? 0) + 1);
    if (!this.trouble || !this.chance.hits(this.trouble.probability)) return null;
    const { kind, when } = this.trouble;
    // What only looks has no effect whose answer could be lost.
    return kind === 'invalid' && call.startsWith('lock') ? null : { kind, when };
  };

  heal(): void {
    this.trouble = null;
    Object.assign(this.backend.knobs, { latencyMs: 6, silentWatch: false, lockAvailable: true, stopMs: 400 });
    this.backend.cutWatches();
  }
}
