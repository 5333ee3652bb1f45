import type { Trouble, Workload, WorkloadHealth } from '@knot/domain';
import { isAlive, type Allocation } from './allocation.js';
import { numberAt, flagAt, objectAt, objectsAt, textAt, type JsonObject } from './json.js';
import type { PlacementFailure } from './placement.js';
import { exitCodeOf, troubleOf } from './task-event.js';

export interface JobState {
  readonly version: number;
  readonly createIndex: number;
  /** Nomad calls a job dead when nothing of it runs and nothing more is going to be tried. */
  readonly dead: boolean;
  readonly stopped: boolean;
  readonly groups: readonly JobGroup[];
}

interface JobGroup {
  readonly name: string;
  readonly count: number;
  /** Whether a deployment judges its allocations. */
  readonly deployed: boolean;
  /** How often Nomad places it anew after a failure. */
  readonly retries: number;
}

export interface JobView {
  readonly job: JobState;
  /** Those of this job, not of an earlier one of the same name. */
  readonly allocations: readonly Allocation[];
  readonly failures: readonly PlacementFailure[];
  /** Whether a deployment is still judging the newest version. */
  readonly deploying: boolean;
}

type Present = Extract<Workload, { state: 'present' }>;
export type Condition = Pick<Present, 'health' | 'instance' | 'exitCode' | 'trouble'>;

export function parseJobState(job: JsonObject): JobState {
  return {
    version: numberAt(job, 'Version'),
    createIndex: numberAt(job, 'CreateIndex'),
    dead: textAt(job, 'Status') === 'dead',
    stopped: flagAt(job, 'Stop'),
    groups: objectsAt(job, 'TaskGroups').map((group) => ({
      name: textAt(group, 'Name'),
      count: numberAt(group, 'Count'),
      deployed: textAt(job, 'Type') === 'service' && typeof group['Update'] === 'object' && group['Update'] !== null,
      retries: retriesOf(objectAt(group, 'ReschedulePolicy')),
    })),
  };
}

function retriesOf(policy: JsonObject): number {
  return flagAt(policy, 'Unlimited') ? Number.POSITIVE_INFINITY : numberAt(policy, 'Attempts');
}

/** What is worst of several groups is what the space is. */
const WORST_FIRST = ['unhealthy', 'pending', 'starting'] as const satisfies readonly WorkloadHealth[];

/** A job's health from its allocations: a job that Nomad calls "running" may have nothing that runs. */
export function conditionOf(view: JobView): Condition {
  const groups = view.job.groups.filter(({ count }) => count > 0).map((group) => groupCondition(view, group));
  const instance = groups.find((group) => group.instance !== '')?.instance ?? '';
  if (view.job.stopped) return { health: stopHealth(view), instance, exitCode: null, trouble: null };
  for (const health of WORST_FIRST) {
    const found = groups.find((group) => group.health === health);
    if (found) return { ...found, instance };
  }
  const ended = groups.filter(({ health }) => health === 'ended');
  if (ended.length < groups.length) return { health: 'healthy', instance, exitCode: null, trouble: null };
  const failed = ended.find(({ exitCode }) => exitCode !== null && exitCode !== 0) ?? ended[0];
  return { ...(failed ?? over(null, null)), instance };
}

/** Someone stopped it without purging: on its way out, then over. */
function stopHealth({ allocations }: JobView): WorkloadHealth {
  return allocations.some(isAlive) ? 'stopping' : 'ended';
}

function groupCondition(view: JobView, group: JobGroup): Condition {
  const { name, count } = group;
  const { job, failures } = view;
  const ofGroup = view.allocations.filter((one) => one.group === name).sort((a, b) => b.createIndex - a.createIndex);
  const wanted = ofGroup.filter((one) => one.desired === 'run' && one.next === '' && one.jobVersion === job.version);
  // A dead job wants none of its allocations any more; the newest still says how it ended.
  const current = (wanted.length === 0 && job.dead ? ofGroup.slice(0, 1) : wanted).slice(0, count);
  const conditions = current.map((one) => allocationCondition(view, one, group));
  const trouble = failures.find((failure) => failure.group === name)?.trouble ?? null;
  if (current.length < count && !job.dead)
    conditions.push({ health: 'pending', instance: '', exitCode: null, trouble });
  const [first] = conditions;
  if (!first) return over(null, null);
  for (const health of WORST_FIRST) {
    const found = conditions.find((condition) => condition.health === health);
    if (found) return { ...found, instance: first.instance };
  }
  return conditions.find(({ health }) => health === 'ended') ?? first;
}

function allocationCondition(view: JobView, one: Allocation, { deployed, retries }: JobGroup): Condition {
  const trouble = one.tasks.map(troubleOf).find((found) => found !== null) ?? null;
  const as = (health: WorkloadHealth, why: Trouble | null = trouble, exitCode: number | null = null): Condition => ({
    health,
    instance: one.id,
    exitCode,
    trouble: why,
  });
  switch (one.client) {
    case 'pending':
      return trouble ? as('unhealthy', trouble, codeOf(one)) : as('starting');
    case 'running':
      if (one.tasks.some(({ state, restarts }) => state === 'pending' && restarts > 0)) {
        return as('unhealthy', trouble, codeOf(one));
      }
      return runningCondition(view, one, deployed, as);
    case 'failed':
      // For a moment after a failure Nomad calls a job dead that it is going to place anew.
      if (!view.job.dead || one.retries < retries) return as('unhealthy', trouble ?? unwell(one), codeOf(one));
      return { ...over(codeOf(one), trouble ?? unwell(one)), instance: one.id };
    case 'complete':
      if (!view.job.dead && deployed) return as('starting');
      return { ...over(codeOf(one), trouble), instance: one.id };
    default:
      return as('unhealthy', { reason: 'Unhealthy', message: `Nothing is heard of the node ${one.node} it runs on.` });
  }
}

function runningCondition(
  { deploying }: JobView,
  one: Allocation,
  deployed: boolean,
  as: (health: WorkloadHealth, why?: Trouble | null, exitCode?: number | null) => Condition,
): Condition {
  if (one.healthy === false) return as('unhealthy', unwell(one));
  if (one.healthy === true) return as('healthy', null);
  if ((deployed && deploying) || one.tasks.some(({ state }) => state === 'pending')) return as('starting');
  return as('healthy', null);
}

function codeOf({ tasks }: Allocation): number | null {
  const codes = tasks.map(exitCodeOf).filter((code) => code !== null);
  return codes.find((code) => code !== 0) ?? codes[0] ?? null;
}

function unwell({ clientWords, healthy, client }: Allocation): Trouble {
  const late = healthy === false && client === 'running';
  const why = late ? 'its checks did not pass in time' : clientWords || 'Nomad gives no reason';
  return { reason: 'Unhealthy', message: `It is not healthy: ${why}.` };
}

function over(exitCode: number | null, trouble: Trouble | null): Condition {
  const code = exitCode === null ? '' : ` with code ${exitCode}`;
  return {
    health: 'ended',
    instance: '',
    exitCode,
    trouble: trouble ?? { reason: 'Ended', message: `It ended by itself${code}.` },
  };
}
