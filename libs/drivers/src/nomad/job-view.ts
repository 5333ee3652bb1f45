import { backendName, type Mark, type TimelineEvent, type Workload } from '@knot/domain';
import { isAlive, parseAllocation, timelineOfAll, type Allocation } from './allocation.js';
import { conditionOf, parseJobState, type Condition, type JobState } from './health.js';
import { asObject, asObjects, numberAt, textAt, type JsonObject } from './json.js';
import { bearsMark } from './job-mark.js';
import type { NomadClient } from './nomad-client.js';
import { placementFailures, type PlacementFailure } from './placement.js';

/** What Nomad has under a space's name. */
export type Sight =
  | { readonly state: 'absent'; readonly allocations: readonly Allocation[] }
  | { readonly state: 'foreign' }
  | {
      readonly state: 'own';
      readonly revision: string;
      readonly stopped: boolean;
      readonly condition: Condition;
      readonly allocations: readonly Allocation[];
      readonly events: readonly TimelineEvent[];
    };

/** One look: two calls at once in the settled case, one or two more while something is under way. */
export async function seeJob(client: NomadClient, mark: Mark, signal: AbortSignal): Promise<Sight> {
  const path = `job/${backendName(mark.space)}`;
  const [found, stubs] = await Promise.all([
    client.find('job', path, 'look at the job', signal),
    client.get(`${path}/allocations`, 'look at the allocations', signal, { all: 'true' }),
  ]);
  const all = asObjects(stubs).map(parseAllocation);
  if (found === null) return { state: 'absent', allocations: all.filter(isAlive) };
  const raw = asObject(found);
  if (!bearsMark(raw, mark)) return { state: 'foreign' };
  const job = parseJobState(raw);
  // an earlier job of the same name may have left allocations
  const allocations = all.filter(({ createIndex }) => createIndex > job.createIndex);
  const failures = await failuresOf(client, path, job, allocations, signal);
  const deploying = await isDeploying(client, path, job, allocations, signal);
  return {
    state: 'own',
    revision: String(numberAt(raw, 'JobModifyIndex')),
    stopped: job.stopped,
    condition: conditionOf({ job, allocations, failures, deploying }),
    allocations,
    events: timelineOfAll(
      allocations,
      failures.map(({ event }) => event),
    ),
  };
}

/** Why there are fewer allocations than there should be: asked for only then. */
async function failuresOf(
  client: NomadClient,
  path: string,
  { stopped, dead, version, groups }: JobState,
  allocations: readonly Allocation[],
  signal: AbortSignal,
): Promise<readonly PlacementFailure[]> {
  const placed = (name: string) =>
    allocations.filter((one) => one.group === name && one.desired === 'run' && one.jobVersion === version).length;
  if (stopped || dead || groups.every(({ name, count }) => placed(name) >= count)) return [];
  return placementFailures(asObjects(await client.get(`${path}/evaluations`, 'look at the evaluations', signal)));
}

/** Whether a deployment is still to judge an allocation of which nothing is said yet: asked for only then. */
async function isDeploying(
  client: NomadClient,
  path: string,
  { stopped, version, groups }: JobState,
  allocations: readonly Allocation[],
  signal: AbortSignal,
): Promise<boolean> {
  const deployed = new Set(groups.filter((group) => group.deployed).map(({ name }) => name));
  const open = allocations.some(
    (one) =>
      deployed.has(one.group) &&
      one.desired === 'run' &&
      one.client === 'running' &&
      one.healthy === null &&
      one.jobVersion === version,
  );
  if (stopped || !open) return false;
  const deployment = asObject(await client.get(`${path}/deployment`, 'look at the deployment', signal));
  if (numberAt(deployment, 'JobVersion') !== version) return true;
  return ['initializing', 'pending', 'running', 'paused', 'blocked', 'unblocking'].includes(
    textAt(deployment, 'Status'),
  );
}

/**
 * What a sight means for a space that is wanted or not. A job that somebody stopped without purging is absent where
 * one is wanted, and something to be taken away where none is.
 */
export function workloadOf(sight: Sight, wanted: boolean): Workload {
  switch (sight.state) {
    case 'foreign':
      return {
        state: 'foreign',
        message: 'Nomad has a job of this name that this location did not make. It is left alone; rename or purge it.',
      };
    case 'absent': {
      const [last] = sight.allocations;
      return last ? leaving(last.id, '') : { state: 'absent' };
    }
    case 'own': {
      const { condition, revision, stopped } = sight;
      if (stopped && wanted && condition.health === 'ended') return { state: 'absent' };
      return { state: 'present', ...condition, revision, drift: null };
    }
  }
}

/** The job is purged, and something of it still runs. */
function leaving(instance: string, revision: string): Workload {
  return { state: 'present', health: 'stopping', instance, revision, drift: null, exitCode: null, trouble: null };
}

export function isOwnJob(found: unknown, mark: Mark): found is JsonObject {
  return found !== null && bearsMark(asObject(found), mark);
}
