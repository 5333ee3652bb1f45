import {
  backendName,
  type Mark,
  type Observation,
  type ObservedVolume,
  type Scope,
  type TimelineEvent,
  type VolumeRef,
} from '@knot/domain';
import { isKnotError, KnotError } from '@knot/shared/errors';
import type { DriverClock } from '../clock.js';
import type {
  BackendLock,
  Driver,
  DriverHealth,
  MarkedObject,
  ObserveRequest,
  PlanReport,
  WorkloadSpec,
} from '../driver.js';
import { driftWords } from './diff-words.js';
import { Environments, hasEnvironment } from './environment.js';
import { jobPlan, judgeJob, planReport } from './job-plan.js';
import { bearsScope, META } from './job-mark.js';
import { isOwnJob, seeJob, workloadOf, type Sight } from './job-view.js';
import { asObject, flagAt, msOf, numberAt, objectAt, textAt, type JsonObject } from './json.js';
import { NomadLock } from './lock.js';
import { logLines } from './logs.js';
import { NomadCapacity } from './nomad-capacity.js';
import { NomadClient } from './nomad-client.js';
import { nomadHealth } from './nomad-health.js';
import type { NomadOptions } from './options.js';
import { PreparedJobs, type PreparedJob } from './prepared-job.js';
import { Variables } from './variables.js';
import { VolumeApi } from './volume-api.js';
import { VolumeRecords } from './volume-record.js';
import { Volumes } from './volumes.js';
import { EventWatch } from './watch.js';

/** The parts that one driver is made of. */
interface Parts {
  readonly client: NomadClient;
  readonly capacity: NomadCapacity;
  readonly jobs: PreparedJobs;
  readonly volumes: Volumes;
  readonly watch: EventWatch;
  readonly variables: Variables;
  readonly environments: Environments;
}

/**
 * Spaces as jobs of one Nomad namespace.
 *
 * The token needs, on that namespace: list-jobs, parse-job, read-job, submit-job, read-logs, read-fs; the variables
 * below `knot/` and `nomad/jobs/knot-*` (read, write, list, destroy), which hold the location's lock, the marks of its
 * volumes and what agents join with; csi-list-volume to find orphans; and for volumes host-volume-read and host-volume-write, or csi-read-volume, csi-write-volume,
 * csi-mount-volume and `plugin:read`. `agent:read` only adds version and data centre.
 */
export class NomadDriver implements Driver {
  readonly platform = 'nomad';
  private readonly scope: Scope;
  private readonly clock: DriverClock;
  private readonly region: string;
  private readonly parts: Parts;

  constructor(options: NomadOptions) {
    const { scope, clock, region = '', silenceMs } = options;
    this.scope = scope;
    this.clock = clock;
    this.region = region;
    const client = new NomadClient(options);
    const variables = new Variables(client, scope);
    this.parts = {
      client,
      capacity: new NomadCapacity(client),
      variables,
      environments: new Environments(client),
      jobs: new PreparedJobs(client, { namespace: client.namespace, region }),
      volumes: new Volumes(new VolumeApi(client), new VolumeRecords(variables), clock),
      watch: new EventWatch(client, scope, clock, silenceMs),
    };
  }

  health(signal: AbortSignal): Promise<DriverHealth> {
    return nomadHealth(this.parts.client, this.parts.capacity, this.region, signal);
  }

  async volumesOf(spec: WorkloadSpec): Promise<readonly VolumeRef[]> {
    return this.parts.jobs.volumesOf(spec).map(({ name, backendId }) => ({ name, backendId }));
  }

  async validate(spec: WorkloadSpec, signal: AbortSignal): Promise<PlanReport> {
    return judgeJob(this.parts.client, await this.parts.jobs.prepare(spec, signal), signal);
  }

  async plan(spec: WorkloadSpec, signal: AbortSignal): Promise<PlanReport> {
    const prepared = await this.parts.jobs.prepare(spec, signal);
    const found = await this.find(spec.mark, signal);
    if (found !== null && !isOwnJob(found, spec.mark)) throw foreign();
    return planReport(await jobPlan(this.parts.client, prepared, signal), found !== null);
  }

  async observe({ mark, volumes, spec, verified }: ObserveRequest, signal: AbortSignal): Promise<Observation> {
    this.parts.watch.follow(mark.space);
    const [sight, seen] = await Promise.all([
      seeJob(this.parts.client, mark, signal),
      this.parts.volumes.look(mark, volumes, signal),
      spec !== null && verified === '' ? this.foresee(spec, signal) : null,
    ]);
    const workload = workloadOf(sight, spec !== null);
    const events = sight.state === 'own' ? sight.events : [];
    if (spec === null && workload.state === 'absent') this.parts.watch.unfollow(mark.space);
    if (workload.state !== 'present' || spec === null || sight.state !== 'own' || sight.revision === verified) {
      return { workload, volumes: seen, events };
    }
    return { workload: { ...workload, drift: await this.driftOf(spec, signal) }, volumes: seen, events };
  }

  /** Nomad parses the job while the leaf looks and writes down what it is about to do. */
  anticipate(spec: WorkloadSpec, signal: AbortSignal): void {
    this.parts.jobs.anticipate(spec, signal);
  }

  async createVolumes(
    spec: WorkloadSpec,
    refs: readonly VolumeRef[],
    signal: AbortSignal,
  ): Promise<readonly ObservedVolume[]> {
    const definitions = this.parts.jobs.volumesOf(spec);
    const wanted = refs.map(({ backendId }) => {
      const definition = definitions.find((one) => one.backendId === backendId);
      if (definition) return definition;
      throw new KnotError('backend.invalid', `The template does not say how to make the volume ${backendId}.`);
    });
    return this.parts.volumes.create(spec, wanted, signal);
  }

  async apply(spec: WorkloadSpec, expect: string, signal: AbortSignal): Promise<{ readonly revision: string }> {
    this.parts.watch.follow(spec.mark.space);
    const prepared = await this.parts.jobs.prepare(spec, signal);
    await this.parts.environments.put(spec, signal);
    if (expect !== '') return this.applyOver(spec.mark, prepared, expect, signal);
    try {
      return await this.register(spec.mark, prepared, 0, signal);
    } catch (error) {
      if (!isKnotError(error, 'backend.conflict')) throw error;
      return this.register(spec.mark, prepared, await this.indexOfStopped(spec.mark, error, signal), signal);
    }
  }

  async remove(mark: Mark, signal: AbortSignal): Promise<void> {
    const job = await this.find(mark, signal);
    if (!isOwnJob(job, mark)) return;
    if (hasEnvironment(job)) await this.parts.environments.remove(mark, signal);
    await this.purge(mark, signal);
  }

  destroyVolumes(mark: Mark, refs: readonly VolumeRef[], signal: AbortSignal): Promise<void> {
    return this.parts.volumes.destroy(mark, refs, signal);
  }

  async list(signal: AbortSignal, space?: string): Promise<readonly MarkedObject[]> {
    const query = { prefix: space === undefined ? 'knot-' : backendName(space), meta: 'true' };
    const [jobs, volumes] = await Promise.all([
      this.parts.client.list('jobs', 'list the jobs', signal, query),
      this.parts.volumes.list(signal, space),
    ]);
    return [...jobs.filter((job) => this.isOurs(job)).map(markedJob), ...volumes];
  }

  watch(hint: (space: string | null) => void, signal: AbortSignal): Promise<void> {
    return this.parts.watch.run(hint, signal);
  }

  async logs(mark: Mark, lines: number, signal: AbortSignal): Promise<readonly string[]> {
    const sight = await seeJob(this.parts.client, mark, signal);
    if (sight.state !== 'own') return [];
    const newest = sight.allocations.toSorted((a, b) => b.createIndex - a.createIndex)[0];
    const printed = newest ? await logLines(this.parts.client, newest, signal) : [];
    return [...sight.events.map(({ message }) => message), ...printed].slice(-lines);
  }

  async events(mark: Mark, signal: AbortSignal): Promise<readonly TimelineEvent[]> {
    const sight = await seeJob(this.parts.client, mark, signal);
    return sight.state === 'own' ? sight.events : [];
  }

  lock(): BackendLock {
    return new NomadLock(this.parts.variables, this.clock);
  }

  private find({ space }: Mark, signal: AbortSignal): Promise<unknown> {
    return this.parts.client.find('job', `job/${backendName(space)}`, 'look at the job', signal);
  }

  /** What is not known to be applied is soon compared or applied: parsed while we look, it costs no time then. */
  private async foresee(spec: WorkloadSpec, signal: AbortSignal): Promise<void> {
    try {
      await this.parts.jobs.prepare(spec, signal);
    } catch (error) {
      // Told by the step that needs it: a look tells what is there, also where the job is not valid.
      if (!isKnotError(error)) throw error;
    }
  }

  private async driftOf(spec: WorkloadSpec, signal: AbortSignal): Promise<string | null> {
    const plan = await jobPlan(this.parts.client, await this.parts.jobs.prepare(spec, signal), signal);
    return driftWords(objectAt(plan, 'Diff'));
  }

  private register(
    { space }: Mark,
    { job }: PreparedJob,
    index: number,
    signal: AbortSignal,
  ): Promise<{ revision: string }> {
    const body = { Job: job, EnforceIndex: true, JobModifyIndex: index };
    const { client, watch } = this.parts;
    return watch.registrations.during(space, async () => {
      const answer = asObject(await client.write('POST', 'jobs', 'register the job', signal, { body }));
      return { revision: String(numberAt(answer, 'JobModifyIndex')) };
    });
  }

  /**
   * Over what the caller saw. A job that has ended is first purged: an allocation that failed for good stands in the
   * way of a new one for as long as Nomad has the job. A crash between the two leaves none.
   */
  private async applyOver(mark: Mark, prepared: PreparedJob, expect: string, signal: AbortSignal) {
    const sight = await seeJob(this.parts.client, mark, signal);
    if (sight.state === 'foreign') throw foreign();
    if (sight.state === 'absent' || sight.revision !== expect) throw changed();
    if (sight.condition.health !== 'ended' || sight.stopped)
      return this.register(mark, prepared, Number(expect), signal);
    await this.purge(mark, signal);
    return this.register(mark, prepared, 0, signal);
  }

  private async purge({ space }: Mark, signal: AbortSignal): Promise<void> {
    const path = `job/${backendName(space)}`;
    await this.parts.client.write('DELETE', path, 'stop the job', signal, { query: { purge: 'true' } });
  }

  /** The index of a job of ours that somebody stopped without purging; anything else there is a conflict. */
  private async indexOfStopped(mark: Mark, conflict: KnotError, signal: AbortSignal): Promise<number> {
    const sight: Sight = await seeJob(this.parts.client, mark, signal);
    if (sight.state === 'foreign') throw foreign();
    if (sight.state === 'own' && sight.stopped && sight.condition.health === 'ended') return Number(sight.revision);
    throw conflict;
  }

  private isOurs(job: JsonObject): boolean {
    const space = textAt(objectAt(job, 'Meta'), META.space);
    return bearsScope(job, this.scope) && textAt(job, 'ID') === backendName(space) && !flagAt(job, 'ParameterizedJob');
  }
}

export function createNomadDriver(options: NomadOptions): NomadDriver {
  return new NomadDriver(options);
}

function markedJob(job: JsonObject): MarkedObject {
  const meta = objectAt(job, 'Meta');
  return {
    space: textAt(meta, META.space),
    kind: 'workload',
    backendId: textAt(job, 'ID'),
    owner: textAt(meta, META.owner),
    name: textAt(meta, META.name),
    createdAt: msOf(numberAt(job, 'SubmitTime')),
  };
}

function changed(): KnotError {
  return new KnotError('backend.conflict', 'The job changed since it was looked at.');
}

function foreign(): KnotError {
  return new KnotError(
    'backend.foreign',
    'Nomad has a job of this name that this location did not make.',
    'It is left alone. Rename or purge it.',
  );
}
