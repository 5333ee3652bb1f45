import type { RollOutMoment, RollOutSpaceState, RollOutState } from '@knot/domain';
import type { BaseRow } from './base-row.js';

/** The present version of a template on its way to spaces of older ones. */
export interface RollOutRow extends BaseRow {
  readonly templateId: string;
  /** The version that it brings. */
  readonly number: number;
  /** The version that most of its spaces had: to go back to. */
  readonly before: number;
  readonly state: RollOutState;
  /** Why it is held or ended; '' otherwise. */
  readonly reason: string;
  readonly moment: RollOutMoment;
  /** In whose name it updates, with the permissions that they have at that time, and from where they began it. */
  readonly actorId: string;
  readonly actor: string;
  readonly address: string;
  /** Spaces of each stage; one begins when those of the one before have come to an end. */
  readonly stages: readonly number[];
  /** Index of the stage at work. */
  readonly stage: number;
  readonly atOnce: number;
  /** Percent. */
  readonly failureLimit: number;
  /** Failures of the stage at work that somebody has gone on after. */
  readonly forgiven: number;
  /** How long a space may take to be ready, ms. */
  readonly patienceMs: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** One space of a roll-out. id is `<roll-out>/<space>`. */
export interface RollOutSpaceRow extends BaseRow {
  readonly rollOutId: string;
  readonly spaceId: string;
  /** As they were when it began. */
  readonly name: string;
  readonly owner: string;
  readonly location: string;
  readonly before: number;
  readonly stage: number;
  readonly state: RollOutSpaceState;
  /** For a person; '' where there is nothing to say. */
  readonly message: string;
  readonly hint: string;
  /** Of its update; '' before. */
  readonly operationId: string;
  /** When the state last changed. */
  readonly since: number;
}
