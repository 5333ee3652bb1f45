import type { Condition, ConditionStatus, ConditionType, Reason, Trouble } from './condition.js';
import type { Workload } from './observed.js';
import { readinessOf } from './readiness-of.js';
import { sentence } from './sentence.js';
import type { Sight } from './sight.js';

export interface Verdict {
  readonly status: ConditionStatus;
  readonly reason: Reason;
  readonly message: string;
}

/** The conditions of a space, each with the time at which its status or reason last changed. */
export function conditionsOf(sight: Sight): readonly Condition[] {
  const verdicts: readonly (readonly [ConditionType, Verdict])[] = [
    ['VolumesReady', volumesReady(sight)],
    ['Deployed', deployed(sight)],
    ...agentConnected(sight),
    ['Ready', readinessOf(sight)],
    ['Stalled', stalled(sight)],
  ];
  return verdicts.map(([type, verdict]) => ({ type, ...verdict, since: sinceOf(type, verdict, sight) }));
}

function sinceOf(type: ConditionType, { status, reason }: Verdict, { previous, now }: Sight): number {
  const before = previous?.conditions.find((condition) => condition.type === type);
  return before?.status === status && before.reason === reason ? before.since : now;
}

function volumesReady({ desired, record, observation, wanted }: Sight): Verdict {
  if (desired.want === 'deleted') return no('Deleting', 'The volumes go with the space.');
  const refs = wanted ?? record.volumes;
  if (refs.length === 0) return yes('NoVolumes', 'Its template asks for no volumes.');
  if (!observation) return { status: 'Unknown', reason: 'Unknown', message: 'The volumes could not be looked at.' };
  const states = refs.map((ref) => observation.volumes.find(({ backendId }) => backendId === ref.backendId));
  const failed = states.find((volume) => volume?.state === 'failed');
  if (failed) return no('VolumeFailed', `Volume ${failed.name}: ${failed.message}`);
  const ready = states.filter((volume) => volume?.state === 'ready').length;
  if (ready === refs.length)
    return yes('VolumesCreated', ready === 1 ? 'The volume is there.' : `All ${ready} volumes are there.`);
  return no('CreatingVolumes', `${ready} of ${refs.length} volumes are there.`);
}

function deployed(sight: Sight): Verdict {
  const { desired, record, observation, backend } = sight;
  if (!observation) return { ...readinessOf(sight), status: 'Unknown' };
  const { workload } = observation;
  if (desired.want !== 'running') return { ...readinessOf(sight), status: isThere(workload) ? 'True' : 'False' };
  const current = record.appliedHash !== '' && record.appliedHash === desired.snapshot?.hash;
  if (isThere(workload) && current && workload.drift === null && workload.health !== 'stopping') {
    return yes('Submitted', sentence(`${backend} has it as it should be.`));
  }
  const readiness = readinessOf(sight);
  return { ...readiness, status: 'False' };
}

/** None for a start that was given nothing to join with: nothing is missing there. */
function agentConnected({ desired, agent, previous }: Sight): readonly (readonly [ConditionType, Verdict])[] {
  if (desired.want !== 'running' || desired.snapshot?.joinSecret === undefined) return [];
  if (agent) return [['AgentConnected', yes('AgentJoined', 'Its agent is connected.')]];
  const before = previous?.conditions.find(({ type }) => type === 'AgentConnected');
  const sameStart = previous?.appliedHash === desired.snapshot.hash;
  if (sameStart && (before?.reason === 'AgentJoined' || before?.reason === 'AgentAway')) {
    return [['AgentConnected', no('AgentAway', 'Its agent has lost its connection; it comes back by itself.')]];
  }
  const message = 'No agent has joined: its template starts none, or it is still starting.';
  return [['AgentConnected', { status: 'Unknown', reason: 'NoAgent', message }]];
}

function isThere(workload: Workload): workload is Extract<Workload, { state: 'present' }> {
  return workload.state === 'present';
}

function stalled({ step, failure, stopOverdue, backend }: Sight): Verdict {
  if (failure?.stalls) return saying('True', failure.trouble);
  if (step?.do === 'stall') return saying('True', step.trouble);
  if (stopOverdue) return yes('StopTimeout', sentence(`${backend} has not ended it in time; knot keeps asking.`));
  return no('Accepted', '');
}

function saying(status: ConditionStatus, { reason, message }: Trouble): Verdict {
  return { status, reason, message };
}

function yes(reason: Reason, message: string): Verdict {
  return { status: 'True', reason, message };
}

function no(reason: Reason, message: string): Verdict {
  return { status: 'False', reason, message };
}
