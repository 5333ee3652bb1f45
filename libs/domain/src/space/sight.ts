import type { Trouble } from './condition.js';
import type { DesiredSpace } from './desired.js';
import type { Step } from './next-step.js';
import type { ObservedSpace, Observation, SpacePort, SpaceScript, TimelineEvent } from './observed.js';
import type { SpaceRecord, VolumeRef } from './record.js';

/** What went wrong in a run. `stalls`: nothing goes on before a person has done something. */
export interface Failure {
  readonly trouble: Trouble;
  readonly stalls: boolean;
}

/** The agent of a space, as far as people are told of it. */
export interface SpaceAgent {
  readonly ports: readonly SpacePort[];
  /** Where VS Code opens it in the browser; '' where it does not. */
  readonly tunnel: string;
  readonly scripts: readonly SpaceScript[];
  /** When somebody last did something in it, ms since the epoch; 0: nobody. */
  readonly activeAt: number;
}

/** All that one run of a leaf knows of a space once it is over. */
export interface Sight {
  readonly desired: DesiredSpace;
  readonly record: SpaceRecord;
  /** After the run's deed; null when the backend could not be looked at. */
  readonly observation: Observation | null;
  /** The volumes that the frozen template asks for; null where it was not rendered. */
  readonly wanted: readonly VolumeRef[] | null;
  /** What was due after the look; null when a failure came before that was known. */
  readonly step: Step | null;
  readonly failure: Failure | null;
  /** What knot itself did in this run. */
  readonly deeds: readonly TimelineEvent[];
  /** The backend's name for people, e.g. `Nomad`. */
  readonly backend: string;
  /** What was known before this run. */
  readonly previous: ObservedSpace | null;
  /** What the space's agent says at this moment; null where none is connected. */
  readonly agent: SpaceAgent | null;
  readonly stopOverdue: boolean;
  /** ms since the epoch */
  readonly now: number;
}
