import type {
  Mark,
  Observation,
  ObservedVolume,
  Scope,
  TimelineEvent,
  Trouble,
  VolumeRef,
  Workload,
} from '@knot/domain';
import { isKnotError, KnotError } from '@knot/shared/errors';
import { throwIfGivenUp, type DriverClock } from '../clock.js';
import type {
  BackendLock,
  Driver,
  DriverHealth,
  MarkedObject,
  ObserveRequest,
  PlanReport,
  WorkloadSpec,
} from '../driver.js';
import type { SpaceObjects } from '../space-objects.js';
import { KubeApi } from './api.js';
import { Applying, foreign } from './applying.js';
import { Claims } from './claims-at-work.js';
import { driftOf } from './drift.js';
import { eventsOf, lastWords, logLines } from './events.js';
import { conditionOf, type Condition } from './health.js';
import { objectAt, objectsAt, textAt, type JsonObject } from './json.js';
import { KubeCache } from './kube-cache.js';
import { KubeSpaceObjects } from './kube-space-objects.js';
import { kubernetesHealth } from './kubernetes-health.js';
import { markedObjects } from './listing.js';
import { LeaseLock } from './lock.js';
import type { KubernetesOptions } from './options.js';
import { planOf } from './planning.js';
import { PreparedWorkloads } from './prepared-workload.js';
import { revisionOf, seeSpace, type Sight } from './sight.js';
import { createTrouble, mountTrouble, timelineOf } from './timeline.js';
import { KubeWatch } from './watch.js';

/** The parts that one driver is made of. */
interface Parts {
  readonly api: KubeApi;
  readonly cache: KubeCache;
  readonly prepared: PreparedWorkloads;
  readonly applying: Applying;
  readonly claims: Claims;
  readonly watch: KubeWatch;
}

/**
 * Spaces as objects of one namespace of a Kubernetes.
 *
 * The account needs, in that namespace: get, list, watch, create, patch, delete on pods, services, configmaps, secrets,
 * persistentvolumeclaims, deployments and statefulsets (apps), jobs (batch), ingresses (networking.k8s.io); get on
 * pods/log; list, watch on events; get, create, update on leases (coordination.k8s.io). With `spaceObjects` also get, list,
 * watch, create, update, delete on spaces and update on spaces/status (knot.dev). Nothing outside of it.
 */
export class KubernetesDriver implements Driver {
  readonly platform = 'kubernetes';
  readonly objects?: SpaceObjects;
  private readonly scope: Scope;
  private readonly clock: DriverClock;
  private readonly parts: Parts;
  private lastHealth: DriverHealth | null = null;

  constructor(options: KubernetesOptions) {
    const { scope, clock, namespace, silenceMs } = options;
    this.scope = scope;
    this.clock = clock;
    const api = new KubeApi(options);
    const cache = new KubeCache(clock);
    if (options.spaceObjects) this.objects = new KubeSpaceObjects(api, scope, clock);
    this.parts = {
      api,
      cache,
      prepared: new PreparedWorkloads(namespace),
      applying: new Applying(api, cache, clock),
      claims: new Claims(api, cache, clock),
      watch: new KubeWatch(api, scope, cache, clock, silenceMs),
    };
  }

  async health(signal: AbortSignal): Promise<DriverHealth> {
    const { api } = this.parts;
    const before = api.answered;
    try {
      return (this.lastHealth = await kubernetesHealth(api, signal));
    } catch (error) {
      // it answers others first: busy is not away
      if (this.lastHealth?.ready && api.answered > before) return this.lastHealth;
      throw error;
    }
  }

  async volumesOf(spec: WorkloadSpec): Promise<readonly VolumeRef[]> {
    return this.parts.prepared.claims(spec).map(({ name, backendId }) => ({ name, backendId }));
  }

  async validate(spec: WorkloadSpec, signal: AbortSignal): Promise<PlanReport> {
    const nothing: Sight = { main: null, foreign: null, found: new Map(), beside: [], pods: [] };
    return planOf(this.parts.api, this.parts.prepared.prepare(spec), nothing, signal);
  }

  async plan(spec: WorkloadSpec, signal: AbortSignal): Promise<PlanReport> {
    const prepared = this.parts.prepared.prepare(spec);
    const sight = await seeSpace(this.parts.api, spec.mark, prepared.wanted, signal);
    if (sight.foreign !== null) throw foreign(sight.foreign);
    return planOf(this.parts.api, prepared, sight, signal);
  }

  async observe({ mark, volumes, spec }: ObserveRequest, signal: AbortSignal): Promise<Observation> {
    throwIfGivenUp(signal);
    const { api, cache, prepared, claims } = this.parts;
    const wanted = spec ? prepared.known(spec) : null;
    const asked = wanted?.wanted ?? [];
    // that something is gone is believed of the API server itself only
    const [sight, seen] = await Promise.all([
      (spec && cache.sight(mark, asked)) ?? seeSpace(api, mark, asked, signal),
      claims.look(mark, volumes, signal, spec !== null),
    ]);
    if (sight.foreign !== null) {
      const message = `Kubernetes has a ${sight.foreign} that this location did not make. It is left alone; rename or delete it.`;
      return { workload: { state: 'foreign', message }, volumes: seen, events: [] };
    }
    const condition = sight.main ? conditionOf(sight.main, sight.beside, sight.pods) : null;
    // what is well has told its story already
    const quiet = condition === null || condition.health === 'healthy';
    if (quiet) cache.events.dropSpace(mark.space);
    const events = quiet ? [] : await eventsOf(api, cache.events, mark, sight, signal);
    const workload = await this.workloadOf(sight, condition, events, spec !== null, signal);
    if (workload.state !== 'present' || !wanted || workload.health === 'stopping') {
      return { workload, volumes: seen, events: timelineOf(events) };
    }
    return { workload: { ...workload, drift: driftOf(wanted, sight) }, volumes: seen, events: timelineOf(events) };
  }

  async createVolumes(
    spec: WorkloadSpec,
    refs: readonly VolumeRef[],
    signal: AbortSignal,
  ): Promise<readonly ObservedVolume[]> {
    const all = this.parts.prepared.claims(spec);
    const wanted = refs.map(({ backendId }) => {
      const claim = all.find((one) => one.backendId === backendId);
      if (claim) return claim;
      throw new KnotError('backend.invalid', `The template does not say how to make the volume ${backendId}.`);
    });
    return this.parts.claims.create(spec, wanted, signal);
  }

  async apply(spec: WorkloadSpec, expect: string, signal: AbortSignal): Promise<{ readonly revision: string }> {
    const prepared = this.parts.prepared.prepare(spec);
    return { revision: await this.parts.applying.apply(spec.mark, prepared, expect, signal) };
  }

  remove(mark: Mark, signal: AbortSignal): Promise<void> {
    return this.parts.applying.remove(mark, signal);
  }

  destroyVolumes(mark: Mark, refs: readonly VolumeRef[], signal: AbortSignal): Promise<void> {
    return this.parts.claims.destroy(mark, refs, signal);
  }

  list(signal: AbortSignal, one?: string): Promise<readonly MarkedObject[]> {
    return markedObjects(this.parts.api, this.parts.cache, this.scope, signal, one);
  }

  watch(hint: (space: string | null) => void, signal: AbortSignal): Promise<void> {
    return this.parts.watch.run(hint, signal);
  }

  async logs(mark: Mark, lines: number, signal: AbortSignal): Promise<readonly string[]> {
    const { api } = this.parts;
    const sight = await seeSpace(api, mark, [], signal);
    if (!sight.main) return [];
    const told = timelineOf(await eventsOf(api, null, mark, sight, signal)).map(({ message }) => message);
    const newest = sight.pods.toSorted((a, b) => b.createdAt - a.createdAt)[0];
    const containers = newest ? objectsAt(objectAt(newest.raw, 'spec'), 'containers') : [];
    const printed = await Promise.all(
      containers.map(async (container) => {
        const name = textAt(container, 'name');
        const said = await quietly(logLines(api, newest?.name ?? '', name, lines, false, signal), signal);
        return said.map((line) => `${name}: ${line}`);
      }),
    );
    return [...told, ...printed.flat()].slice(-lines);
  }

  async events(mark: Mark, signal: AbortSignal): Promise<readonly TimelineEvent[]> {
    const { api } = this.parts;
    const sight = await seeSpace(api, mark, [], signal);
    return sight.main ? timelineOf(await eventsOf(api, null, mark, sight, signal)) : [];
  }

  lock(): BackendLock {
    return new LeaseLock(this.parts.api, this.scope, this.clock);
  }

  private async workloadOf(
    { main, pods }: Sight,
    condition: Condition | null,
    events: readonly JsonObject[],
    wanted: boolean,
    signal: AbortSignal,
  ): Promise<Workload> {
    if (!main || !condition) {
      // pods that somebody left without their controller are taken over by the next one, or to be taken away
      const [left] = pods.filter(({ deleting }) => deleting || !wanted);
      return left ? leaving(left.uid, left.deleting) : { state: 'absent' };
    }
    const { health, instance, exitCode, lastWords: place } = condition;
    let trouble = condition.trouble;
    if (trouble === null && (health === 'starting' || health === 'pending')) {
      trouble = mountTrouble(events) ?? (pods.length === 0 ? createTrouble(events) : null);
    }
    const pod = pods.find(({ name }) => name === place?.pod);
    if (trouble && pod && place) {
      const words = await quietly(lastWords(this.parts.api, pod, place.container, signal), signal);
      trouble = withWords(trouble, words);
    }
    return { state: 'present', health, instance, revision: revisionOf(main.object), drift: null, exitCode, trouble };
  }
}

export function createKubernetesDriver(options: KubernetesOptions): KubernetesDriver {
  return new KubernetesDriver(options);
}

function leaving(instance: string, deleting: boolean): Workload {
  const health = deleting ? 'stopping' : 'starting';
  return { state: 'present', health, instance, revision: '', drift: null, exitCode: null, trouble: null };
}

function withWords({ reason, message }: Trouble, words: readonly string[]): Trouble {
  if (words.length === 0) return { reason, message };
  return { reason, message: `${message} Its last words: ${words.join(' / ').slice(-600)}` };
}

/** No log yet, none any more, or a node that is away: the events have to do. */
async function quietly(lines: Promise<readonly string[]>, signal: AbortSignal): Promise<readonly string[]> {
  try {
    return await lines;
  } catch (error) {
    const expected = isKnotError(error, 'backend.invalid', 'backend.unavailable', 'backend.forbidden');
    if (expected && !signal.aborted) return [];
    throw error;
  }
}
