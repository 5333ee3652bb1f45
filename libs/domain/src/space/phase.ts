import type { Condition } from './condition.js';
import type { DesiredSpace } from './desired.js';
import type { ObservedSpace } from './observed.js';

export const PHASES = [
  'Stopped',
  'Queued',
  'Provisioning',
  'Starting',
  'Running',
  'Stopping',
  'Failed',
  'Unknown',
  'Deleting',
] as const;

/** What the screen shows: derived from desired, observed and whether the location is heard of; never stored. */
export type Phase = (typeof PHASES)[number];

export interface PhaseInput {
  readonly desired: Pick<DesiredSpace, 'want' | 'generation'>;
  /** Whether it was ever started: what its leaf has not looked at since may still run. */
  readonly started: boolean;
  readonly observed: ObservedSpace | null;
  /** Whether the location's leaf is heard of now. A silent location never shows a false green. */
  readonly live: boolean;
}

export function phaseOf({ desired, started, observed, live }: PhaseInput): Phase {
  if (desired.want === 'deleted') return 'Deleting';
  const current = observed !== null && observed.observedGeneration === desired.generation;
  const gone = observed === null || observed.workload === 'absent' || observed.workload === 'foreign';
  const stopped = desired.want === 'stopped' && gone && (current || !started);
  if (!live) return stopped ? 'Stopped' : 'Unknown';
  if (desired.want === 'stopped') return stopped ? 'Stopped' : 'Stopping';
  if (!current) return 'Queued';
  return runningPhase(observed);
}

function runningPhase(observed: ObservedSpace): Phase {
  const is = (type: Condition['type'], status: Condition['status']) =>
    observed.conditions.some((condition) => condition.type === type && condition.status === status);
  if (is('Ready', 'True')) return 'Running';
  if (is('Stalled', 'True') || observed.workload === 'ended') return 'Failed';
  if (is('Deployed', 'True') || observed.workload === 'starting' || observed.workload === 'unhealthy') {
    return observed.workload === 'stopping' ? 'Stopping' : 'Starting';
  }
  return 'Provisioning';
}
