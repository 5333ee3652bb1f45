import type { Mark, TimelineEvent, Workload } from '@knot/domain';
import type { WorkloadSpec } from '../driver.js';
import type { FakeJob } from './fake-job.js';

/** An object of the fake backend. What it is at a time is computed, so that no timer is ever needed to be right. */
export interface FakeWorkload {
  /** Null for an object that knot did not make. */
  readonly mark: Mark | null;
  readonly display: WorkloadSpec['display'];
  readonly content: string;
  readonly job: FakeJob;
  readonly instance: string;
  readonly revision: string;
  readonly createdAt: number;
  /** When this instance was submitted, and when it is placed and well. ms since the epoch. */
  readonly times: { readonly submitted: number; readonly placed: number; readonly well: number };
  /** Set when somebody else changed it. */
  readonly edited: boolean;
  readonly killedAt: number | null;
  readonly stop: { readonly since: number; readonly goneAt: number } | null;
}

type Present = Extract<Workload, { state: 'present' }>;
type Condition = Pick<Present, 'health' | 'exitCode' | 'trouble'>;

export function endOf({ job, killedAt, times }: FakeWorkload): { at: number; code: number } | null {
  const byItself = job.exits && { at: times.placed + job.exits.afterMs, code: job.exits.code };
  if (killedAt === null || (byItself && byItself.at <= killedAt)) return byItself;
  return { at: killedAt, code: 137 };
}

export function conditionAt(workload: FakeWorkload, now: number): Condition {
  const as = (health: Present['health'], trouble: Condition['trouble'] = null, exitCode: number | null = null) => ({
    health,
    trouble,
    exitCode,
  });
  const { job, stop, times } = workload;
  if (stop) return as('stopping');
  const end = endOf(workload);
  if (end && now >= end.at) {
    return as('ended', { reason: 'Exited', message: `It ended with code ${end.code}.` }, end.code);
  }
  if (job.neverPlaced !== null) return as('pending', { reason: 'NotPlaceable', message: job.neverPlaced });
  if (now < times.placed) return as('pending');
  if (now < times.well) return as('starting');
  if (job.neverHealthy !== null) return as('unhealthy', { reason: 'Unhealthy', message: job.neverHealthy });
  return as('healthy');
}

/** The times at which a look would see something new. */
export function turningPoints(workload: FakeWorkload): readonly number[] {
  const end = endOf(workload);
  const { placed, well } = workload.times;
  return [placed, well, ...(end ? [end.at] : []), ...(workload.stop ? [workload.stop.goneAt] : [])];
}

export function eventsAt(workload: FakeWorkload, now: number): readonly TimelineEvent[] {
  const { times, instance, stop } = workload;
  const end = endOf(workload);
  const all: [number, string, string][] = [[times.submitted, 'Received', 'The backend has taken it.']];
  if (workload.job.neverPlaced === null) {
    all.push([times.placed, 'Placed', 'A place was found for it.']);
    if (workload.job.neverHealthy === null) all.push([times.well, 'Healthy', 'It runs and is well.']);
  }
  if (end) all.push([end.at, 'Exited', `It ended with code ${end.code}.`]);
  if (stop) all.push([stop.since, 'Stopping', 'Its end was asked for.']);
  return all
    .filter(([at, reason]) => at <= now && (end === null || at <= end.at || reason === 'Stopping'))
    .sort(([a], [b]) => a - b)
    .map(([at, reason, message]) => ({ id: `${instance}:${reason}`, at, source: 'fake', reason, message }));
}
