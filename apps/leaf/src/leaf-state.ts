import type { Authority, Platform } from '@knot/domain';
import type { EngineStats } from '@knot/reconcile';
import type { ErrorCode } from '@knot/shared/errors';
import type { Position } from '@knot/shared/store';

/**
 * Where the leaf stands with its origin: connecting - no answer yet or none any more; enrolling; standby - another
 * leaf has the location; listing; following - the stream is open.
 */
export type Stage = 'stopped' | 'connecting' | 'enrolling' | 'standby' | 'listing' | 'following';

export interface Problem {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
  /** ms since the epoch */
  readonly since: number;
}

export interface PlatformState {
  readonly platform: Platform;
  readonly ready: boolean;
  readonly version: string;
  /** Why it is not ready; '' when it is. */
  readonly message: string;
  readonly lockHeld: boolean;
  readonly authority: Authority;
}

/** What went between leaf and origin since the leaf's start. */
export interface Traffic {
  /** Objects that changes brought. */
  readonly received: number;
  /** Reports that the origin has stored, and those that got no answer or a refusal. */
  readonly reportsTaken: number;
  readonly reportsFailed: number;
}

/** What the leaf can tell of itself at any moment; nothing in it is a secret. */
export interface LeafState {
  readonly location: string;
  readonly stage: Stage;
  /** What keeps it from following its origin; null when nothing does. */
  readonly problem: Problem | null;
  /** What was stored is being looked after: true from the end of `start` on, with or without an origin. */
  readonly ready: boolean;
  readonly term: number;
  readonly leaseHeld: boolean;
  /** Since the last lease answer was asked for, ms; null when the lease is not held. */
  readonly leaseAgeMs: number | null;
  readonly position: Position | null;
  /** Since the origin's stream last said anything, ms; null when no stream is open. */
  readonly silenceMs: number | null;
  /** How often everything was listed since this process began. */
  readonly relists: number;
  readonly spaces: number;
  readonly orphans: number;
  readonly queue: EngineStats;
  readonly traffic: Traffic;
  readonly platforms: readonly PlatformState[];
}
