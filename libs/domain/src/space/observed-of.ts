import { conditionsOf } from './conditions-of.js';
import type { ObservedSpace } from './observed.js';
import type { Sight, SpaceAgent } from './sight.js';
import { eventsOf, phasesOf } from './timeline-of.js';

/** What a leaf reports of a space after a run. A pure function of what the run saw and of what was known before. */
export function observedOf(sight: Sight): ObservedSpace {
  const { desired, record, step, agent, now } = sight;
  const conditions = conditionsOf(sight);
  const isReady = conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
  return {
    id: desired.id,
    observedGeneration: desired.generation,
    conditions,
    ...workloadOf(sight),
    volumes: volumesOf(sight),
    phases: phasesOf(sight, isReady),
    events: eventsOf(sight),
    appliedHash: record.appliedHash,
    restartsSatisfied: record.restartsSatisfied,
    finalized: step?.do === 'finalize' && sight.failure === null,
    observedAt: now,
    ...(agent && saidBy(agent)),
  };
}

/** What there is nothing of is not said. */
function saidBy({ ports, tunnel, scripts, activeAt }: SpaceAgent): Partial<ObservedSpace> {
  return {
    ...(ports.length > 0 && { ports }),
    ...(tunnel !== '' && { tunnel }),
    ...(scripts.length > 0 && { scripts }),
    ...(activeAt > 0 && { activeAt }),
  };
}

/** Whether two reports say the same, apart from when the leaf looked. */
export function sameObserved(a: ObservedSpace, b: ObservedSpace): boolean {
  // most that differ differ in this, and their texts are long
  if (a.workload !== b.workload || a.instance !== b.instance || a.events.length !== b.events.length) return false;
  return JSON.stringify({ ...a, observedAt: 0 }) === JSON.stringify({ ...b, observedAt: 0 });
}

function workloadOf({
  observation,
  previous,
  record,
}: Sight): Pick<ObservedSpace, 'workload' | 'instance' | 'exitCode'> {
  const workload = observation?.workload;
  if (!workload) {
    const { workload: state = 'absent', instance = '', exitCode = null } = previous ?? {};
    return { workload: state, instance, exitCode };
  }
  if (workload.state === 'present') {
    return { workload: workload.health, instance: workload.instance, exitCode: workload.exitCode };
  }
  if (workload.state === 'absent' && record.ended) {
    return { workload: 'ended', instance: '', exitCode: previous?.exitCode ?? null };
  }
  return { workload: workload.state, instance: '', exitCode: null };
}

function volumesOf({ record, observation, wanted, previous }: Sight): ObservedSpace['volumes'] {
  return record.volumes.flatMap((ref) => {
    const known = previous?.volumes.find(({ backendId }) => backendId === ref.backendId);
    const seen = observation?.volumes.find(({ backendId }) => backendId === ref.backendId) ?? known;
    if (!seen) return [];
    const { name, backendId, state, message } = seen;
    const detached = wanted ? !wanted.some((other) => other.backendId === ref.backendId) : (known?.detached ?? false);
    return [{ name, backendId, state, message, detached }];
  });
}
