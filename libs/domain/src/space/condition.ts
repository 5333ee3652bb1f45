export const CONDITION_TYPES = ['VolumesReady', 'Deployed', 'AgentConnected', 'Ready', 'Reachable', 'Stalled'] as const;

export type ConditionType = (typeof CONDITION_TYPES)[number];

export type ConditionStatus = 'True' | 'False' | 'Unknown';

/** The one list of reasons. CamelCase, for programs; the condition's message is the sentence for a person. */
export const REASONS = [
  // the way up
  'Accepted',
  'CreatingVolumes',
  'VolumesCreated',
  'NoVolumes',
  'Submitting',
  'Submitted',
  'Placing',
  'Pulling',
  'Starting',
  'Healthy',
  // the way down
  'StoppedByUser',
  'StoppedBySchedule',
  'Stopping',
  'Deleting',
  'Deleted',
  // put back
  'Missing',
  'Changed',
  'Restarting',
  'Updating',
  // its agent
  'AgentJoined',
  'AgentAway',
  'NoAgent',
  // what can be wrong
  'NotPlaceable',
  'DriverFailed',
  'ImageFailed',
  'OutOfMemory',
  'Exited',
  'Ended',
  'Unhealthy',
  'StartTimeout',
  'StopTimeout',
  'VolumeFailed',
  'RenderFailed',
  'TemplateRejected',
  'PolicyRefused',
  'NameTaken',
  'NothingToRun',
  'PlatformMissing',
  'BackendForbidden',
  'BackendRefused',
  'BackendUnavailable',
  'NotAllowedToAct',
  'Unknown',
] as const;

export type Reason = (typeof REASONS)[number];

export interface Condition {
  readonly type: ConditionType;
  readonly status: ConditionStatus;
  readonly reason: Reason;
  /** One sentence: what is so, and what to do about it where something is wrong. Never a secret. */
  readonly message: string;
  /** When status or reason last changed, ms since the epoch. */
  readonly since: number;
}

/** A problem told the same way by drivers, render and policy. */
export interface Trouble {
  readonly reason: Reason;
  readonly message: string;
}
