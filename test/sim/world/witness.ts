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

/** A stream of an origin to a leaf. */
export interface OpenStream {
  readonly origin: SimProcess;
  readonly credential: string;
  /** Since when nothing that it sent is on its way any more; never, while something is. ms */
  freeSince: number;
}

/** Whoever looks on and says when an invariant is broken. */
export interface Witness {
  /** A leaf is about to hand a workload over, or to have it removed: what it knows now is why. */
  applying(leaf: ActingLeaf, site: BackendSite, spec: WorkloadSpec): void;
  removing(leaf: ActingLeaf, site: BackendSite, space: string): void;
  /** The instant of an effect at an orchestrator. */
  effect<T>(leaf: ActingLeaf, site: BackendSite, facts: CallFacts, effect: () => T): T;
  positionStored(leaf: ActingLeaf, position: Position, relisted: boolean): void;
  /** An origin follows whoever showed the credential, until the stream is closed. */
  streamOpened(origin: SimProcess, credential: string): OpenStream;
  streamClosed(stream: OpenStream): void;
}
