import type { CallFacts } from '@knot/drivers/fake';
import type { WorkloadSpec } from '@knot/drivers';
import type { Position } from '@knot/shared/store';
import type { LeafDisk } from '../store/memory-leaf-store.js';
import type { BackendSite } from './backend-site.js';
import type { Leaf } from '../../../apps/leaf/src/create-leaf.js';
import type { SimProcess } from './sim-process.js';

/** A leaf as whoever looks on sees it. */
export interface ActingLeaf {
  readonly process: SimProcess;
  readonly location: string;
  /** Null until it is made. */
  readonly leaf: Leaf | null;
  readonly disk: LeafDisk;
}

/** Whoever looks on and says when an invariant is broken. */
export interface Witness {
  /** A leaf is about to hand a workload over, or to have it removed: what it knows now is why. */
  applying(leaf: ActingLeaf, site: BackendSite, spec: WorkloadSpec): void;
  removing(leaf: ActingLeaf, site: BackendSite, space: string): void;
  /** The instant of an effect at an orchestrator. */
  effect<T>(leaf: ActingLeaf, site: BackendSite, facts: CallFacts, effect: () => T): T;
  positionStored(leaf: ActingLeaf, position: Position, relisted: boolean): void;
  /** An origin sends something along a stream that was opened with the credential. */
  streamed(origin: SimProcess, credential: string): void;
}
