import type { TimelineEvent } from '@knot/domain';
import { isObject, listAt, numberAt, objectAt, textAt, type JsonObject } from './json.js';
import { parseTaskStates, timelineOf, type TaskState } from './task-event.js';

export interface Allocation {
  readonly id: string;
  readonly group: string;
  readonly node: string;
  readonly jobVersion: number;
  readonly createIndex: number;
  readonly desired: string;
  readonly client: string;
  readonly clientWords: string;
  /** What the deployment says of it; null while it has not said. */
  readonly healthy: boolean | null;
  /** The allocation that took its place, or ''. */
  readonly next: string;
  /** How often it was placed anew after a failure. */
  readonly retries: number;
  readonly tasks: readonly TaskState[];
}

const MAX_EVENTS = 50;

export function parseAllocation(stub: JsonObject): Allocation {
  const { Healthy: healthy } = objectAt(stub, 'DeploymentStatus');
  return {
    id: textAt(stub, 'ID'),
    group: textAt(stub, 'TaskGroup'),
    node: textAt(stub, 'NodeName'),
    jobVersion: numberAt(stub, 'JobVersion'),
    createIndex: numberAt(stub, 'CreateIndex'),
    desired: textAt(stub, 'DesiredStatus'),
    client: textAt(stub, 'ClientStatus'),
    clientWords: textAt(stub, 'ClientDescription'),
    healthy: typeof healthy === 'boolean' ? healthy : null,
    next: textAt(stub, 'NextAllocation'),
    retries: listAt(objectAt(stub, 'RescheduleTracker'), 'Events').length,
    tasks: isObject(stub['TaskStates']) ? parseTaskStates(stub['TaskStates']) : [],
  };
}

/** Whether something of it may still run. */
export function isAlive({ client, desired }: Allocation): boolean {
  if (client === 'pending') return desired === 'run' || desired === 'stop';
  return client === 'running' || client === 'unknown';
}

/** The newest events of all tasks, oldest first. */
export function timelineOfAll(
  allocations: readonly Allocation[],
  further: readonly TimelineEvent[],
): readonly TimelineEvent[] {
  const all = allocations.flatMap(({ id, tasks }) =>
    tasks.flatMap(({ name, events }) => events.map((event) => timelineOf(id, name, event))),
  );
  return [...all, ...further].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)).slice(-MAX_EVENTS);
}
