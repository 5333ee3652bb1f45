import type { Condition, Trouble } from './condition.js';

/**
 * How the backend has a workload:
 * pending - accepted, not placed; starting - placed, not healthy yet; healthy; unhealthy - failing, the backend
 * may still try again by itself; ended - over, the backend does nothing more; stopping - on its way out.
 */
export type WorkloadHealth = 'pending' | 'starting' | 'healthy' | 'unhealthy' | 'ended' | 'stopping';

export type Workload =
  | { readonly state: 'absent' }
  /** Something under our name that lacks our exact mark: never touched. */
  | { readonly state: 'foreign'; readonly message: string }
  | {
      readonly state: 'present';
      readonly health: WorkloadHealth;
      /** The backend's own name of what runs (allocation id, pod uid, pid with start time); '' before placement. */
      readonly instance: string;
      /** Backend's version of the object (JobModifyIndex, resourceVersion ...), to be handed back as `verified`. */
      readonly revision: string;
      /** How it differs from what was applied, in words; null when it does not. */
      readonly drift: string | null;
      readonly exitCode: number | null;
      readonly trouble: Trouble | null;
    };

export interface ObservedVolume {
  /** Name in the template. */
  readonly name: string;
  /** Name at the backend. */
  readonly backendId: string;
  readonly state: 'ready' | 'pending' | 'missing' | 'failed';
  readonly message: string;
}

/** What a driver saw in one look. */
export interface Observation {
  readonly workload: Workload;
  readonly volumes: readonly ObservedVolume[];
  /** The orchestrator's own events for this space, oldest first, bounded by the driver (at most 50). */
  readonly events: readonly TimelineEvent[];
}

export interface TimelineEvent {
  /** Equal for the same event seen twice. */
  readonly id: string;
  /** ms since the epoch */
  readonly at: number;
  /** 'knot' or the platform. */
  readonly source: string;
  readonly reason: string;
  readonly message: string;
}

export const START_PHASES = ['Accepted', 'Received', 'Volumes', 'Submitted', 'Placed', 'Started', 'Ready'] as const;

/** One step of a start, with the time it was reached. */
export interface StartPhase {
  readonly name: (typeof START_PHASES)[number];
  readonly at: number;
}

export const PORT_PROTOCOLS = ['tcp', 'http', 'https'] as const;

/** What stands behind a port, where it is something that knot knows: an editor, or a desktop as a web page. */
export const PORT_KINDS = ['code-server', 'desktop'] as const;

/** Something that a space offers on a port of its own loopback. */
export interface SpacePort {
  readonly port: number;
  /** For people; may be empty. */
  readonly label: string;
  readonly protocol: (typeof PORT_PROTOCOLS)[number];
  readonly kind?: (typeof PORT_KINDS)[number];
}

/** A start script of a space, as its agent ran it. */
export interface SpaceScript {
  readonly name: string;
  /** With which it ended, 128 and the number of a signal; null: it runs. */
  readonly code: number | null;
}

/** What a leaf reports of one space: the latest state, not a history. */
export interface ObservedSpace {
  readonly id: string;
  readonly observedGeneration: number;
  readonly conditions: readonly Condition[];
  readonly workload: 'absent' | 'foreign' | WorkloadHealth;
  readonly instance: string;
  readonly exitCode: number | null;
  readonly volumes: readonly (ObservedVolume & { readonly detached: boolean })[];
  readonly phases: readonly StartPhase[];
  /** At most the last 50, oldest first. */
  readonly events: readonly TimelineEvent[];
  /** Snapshot and restarts that what runs was made from; seeds the records of a leaf that lost its disk. */
  readonly appliedHash: string;
  readonly restartsSatisfied: number;
  /** True once everything of a deleted space is gone: the origin may drop its row. */
  readonly finalized: boolean;
  /** What its agent sees that something listens on; absent where there is none. */
  readonly ports?: readonly SpacePort[];
  /** Where VS Code opens it in the browser, as its agent has seen. */
  readonly tunnel?: string;
  /** Start scripts that its agent has run or runs. */
  readonly scripts?: readonly SpaceScript[];
  /** When somebody last did something in it, ms since the epoch; absent: nobody that its agent knows of. */
  readonly activeAt?: number;
  /** When the leaf looked, ms since the epoch by the leaf's clock. */
  readonly observedAt: number;
}
