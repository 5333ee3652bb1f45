import type { Trouble } from './condition.js';
import type { PutBacks } from './put-back.js';

export interface VolumeRef {
  /** Name in the template. */
  readonly name: string;
  /** Name at the backend; a pure function of space and template name, so that a crash cannot lose it. */
  readonly backendId: string;
}

/**
 * What a leaf remembers of its own deeds for one space. Each field is written before the deed it names,
 * so that a crash at any point is answered by looking at the world again.
 */
export interface SpaceRecord {
  readonly id: string;
  /** Snapshot hash that was last handed to the backend; '' when never, and again once a stop has been begun. */
  readonly appliedHash: string;
  /** The restart count that the present workload satisfies. */
  readonly restartsSatisfied: number;
  /** Backend revision last known to equal the frozen spec; '' when unknown. */
  readonly verified: string;
  /** The generation at work and since when; deadlines count from here. ms since the epoch. */
  readonly wish: { readonly generation: number; readonly since: number };
  /** When the workload was last handed to the backend, ms since the epoch; 0 when never. */
  readonly appliedAt: number;
  /** How often a workload that ended by itself was put back since it was last healthy. */
  readonly endings: PutBacks;
  /** How often the workload was put back since somebody else last left it alone for a while; absent: never. */
  readonly drifts?: PutBacks;
  /** Set once what was applied has ended by itself and its template leaves it so; cleared by the next hand-over. */
  readonly ended?: boolean;
  /** Set when nothing more can be tried for this generation. */
  readonly stall: { readonly generation: number; readonly trouble: Trouble } | null;
  /** Another leaf has acted since: it may have made volumes that this record does not name. */
  readonly inherited?: boolean;
  /** Every volume ever asked for on behalf of this space and not yet destroyed. */
  readonly volumes: readonly VolumeRef[];
}

export function newRecord(id: string, generation: number, now: number): SpaceRecord {
  return {
    id,
    appliedHash: '',
    restartsSatisfied: 0,
    verified: '',
    wish: { generation, since: now },
    appliedAt: 0,
    endings: { count: 0, lastAt: 0 },
    stall: null,
    volumes: [],
  };
}
