import type { TimelineEvent, Trouble } from '@knot/domain';
import { asObject, flagAt, msOf, numberAt, objectAt, objectsAt, textAt, type JsonObject } from './json.js';

export interface TaskEvent {
  readonly type: string;
  /** Nanoseconds as Nomad tells them, told apart by them; `at` is the same in ms. */
  readonly stamp: number;
  readonly at: number;
  readonly said: string;
  readonly exitCode: number;
  readonly outOfMemory: boolean;
}

export interface TaskState {
  readonly name: string;
  readonly state: string;
  readonly failed: boolean;
  readonly restarts: number;
  readonly events: readonly TaskEvent[];
}

export function parseTaskStates(states: JsonObject): readonly TaskState[] {
  return Object.entries(states).map(([name, value]) => {
    const state = asObject(value);
    return {
      name,
      state: textAt(state, 'State'),
      failed: flagAt(state, 'Failed'),
      restarts: numberAt(state, 'Restarts'),
      events: objectsAt(state, 'Events').map(parseTaskEvent),
    };
  });
}

function parseTaskEvent(event: JsonObject): TaskEvent {
  const details = objectAt(event, 'Details');
  const stamp = numberAt(event, 'Time');
  return {
    type: textAt(event, 'Type'),
    stamp,
    at: msOf(stamp),
    said: textAt(event, 'DisplayMessage'),
    exitCode: Number(textAt(details, 'exit_code') || numberAt(event, 'ExitCode')),
    outOfMemory: textAt(details, 'oom_killed') === 'true',
  };
}

/** The code with which a task last ended; null when it never did. */
export function exitCodeOf({ events }: TaskState): number | null {
  return events.findLast(({ type }) => type === 'Terminated')?.exitCode ?? null;
}

const IMAGE = /image|manifest|pull|registry/i;

/** Why a task last failed, from its newest telling event; null when it did not. */
export function troubleOf({ name, events }: TaskState): Trouble | null {
  for (const event of events.toReversed()) {
    const trouble = troubleIn(name, event);
    if (trouble) return trouble;
  }
  return null;
}

function troubleIn(task: string, { type, said, exitCode, outOfMemory }: TaskEvent): Trouble | null {
  const as = (reason: Trouble['reason'], message: string): Trouble => ({ reason, message: `Task ${task} ${message}` });
  switch (type) {
    case 'Driver Failure':
    case 'Setup Failure':
    case 'Failed Validation':
    case 'Task hook failed':
      return IMAGE.test(said)
        ? as('ImageFailed', `has no image: ${said}`)
        : as('DriverFailed', `cannot start: ${said}`);
    case 'Failed Artifact Download':
      return as('DriverFailed', `cannot start, an artifact is missing: ${said}`);
    case 'Disk Resources Exceeded':
      return as('Exited', 'used more disk than it may.');
    case 'Terminated':
      if (outOfMemory) return as('OutOfMemory', 'used more memory than it may and was ended. Give it more.');
      return exitCode === 0 ? null : as('Exited', `exited with code ${exitCode}.`);
    default:
      return null;
  }
}

/** One event as a line of the space's timeline. */
export function timelineOf(allocation: string, task: string, event: TaskEvent): TimelineEvent {
  return {
    id: `${allocation.slice(0, 8)}:${task}:${event.stamp}:${event.type}`,
    at: event.at,
    source: 'nomad',
    reason: event.type.replaceAll(/(?:^|\s+)(\w)/g, (_, letter: string) => letter.toUpperCase()),
    message: `${task}: ${wordsFor(event)}`,
  };
}

function wordsFor({ type, said, exitCode, outOfMemory }: TaskEvent): string {
  switch (type) {
    case 'Received':
      return 'a node has taken it.';
    case 'Started':
      return 'started.';
    case 'Terminated':
      return outOfMemory ? 'ended for want of memory.' : `ended with code ${exitCode}.`;
    case 'Restarting':
      return `will be started again. ${said}`;
    case 'Not Restarting':
      return `is not started again on this node. ${said}`;
    case 'Driver Failure':
      return `the driver could not start it: ${said}`;
    case 'Failed Artifact Download':
      return `an artifact could not be fetched: ${said}`;
    case 'Killing':
      return `is being ended. ${said}`.trim();
    case 'Killed':
      return 'was ended.';
    default:
      return said === '' || said === type ? `${type.toLowerCase()}.` : said;
  }
}
