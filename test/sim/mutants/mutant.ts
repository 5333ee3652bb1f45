import type { Patch } from '../build-sim.js';

/** A mistake that somebody could make, and that the simulation has to find. */
export interface Mutant {
  readonly name: string;
  readonly patches: readonly Patch[];
}
