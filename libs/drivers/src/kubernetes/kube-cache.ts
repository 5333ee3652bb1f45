import { backendName, type Mark } from '@knot/domain';
import type { DriverClock } from '../clock.js';
import type { JsonObject } from './json.js';
import { conditionOf } from './health.js';
import { EVENTS, keptOf } from './kept.js';
import { KindCache } from './kind-cache.js';
import { KINDS, type Kind, type KindName } from './kinds.js';
import type { Live } from './live.js';
import { OwnWrites } from './own-writes.js';
import { parsePod } from './pod.js';
import type { Wanted } from './rewrite.js';
import { SharedFields } from './shared-fields.js';
import { nameOf, namesOf, RUNNING_KINDS, sightOf, type Sight } from './sight.js';

/**
 * All of a location's objects as its watches tell them: a look costs no call where they are followed and have come as far
 * as our own last write. It may be as old as a change takes to come in, which is safe for whoever acts by revision only.
 */
export class KubeCache {
  readonly writes: OwnWrites;
  /** Kubernetes' own, of spaces that are not well: whoever may not watch them lists them. */
  readonly events: KindCache;
  private readonly kinds: Readonly<Record<KindName, KindCache>>;

  constructor(clock: DriverClock) {
    const shared = new SharedFields();
    const cache = (name: KindName) => new KindCache(keptOf(KINDS[name]), shared);
    this.events = new KindCache(EVENTS, shared);
    this.kinds = {
      ...{ Pod: cache('Pod'), Deployment: cache('Deployment'), StatefulSet: cache('StatefulSet'), Job: cache('Job') },
      ...{ Service: cache('Service'), ConfigMap: cache('ConfigMap'), Secret: cache('Secret') },
      ...{ Ingress: cache('Ingress'), PersistentVolumeClaim: cache('PersistentVolumeClaim') },
    };
    this.writes = new OwnWrites(clock, (kind) => this.kinds[kind].revision);
  }

  of(kind: KindName): KindCache {
    return this.kinds[kind];
  }

  /**
   * Null where only the API server can tell: what is not here may be somebody else's under a name of ours, or was made a
   * moment ago.
   */
  sight(mark: Mark, wanted: readonly Wanted[]): Sight | null {
    if (!this.isUpToDate(mark.space)) return null;
    const main = backendName(mark.space);
    const objects = namesOf(main, wanted).map((one) => ({ ...one, object: this.kinds[one.kind.kind].get(one.name) }));
    const sight = sightOf(mark, objects, this.kinds[KINDS.Pod.kind].ofSpace(mark.space));
    const isWhole = objects.every(({ name, object }) => name === main || object !== null);
    return isWhole && sight.main !== null && sight.foreign === null ? sight : null;
  }

  /** That nothing of ours runs pods under a space's name, whatever the kind. Others' objects are not followed. */
  runsNothing(space: string): boolean {
    const main = backendName(space);
    return this.isUpToDate(space) && RUNNING_KINDS.every(({ kind }) => this.kinds[kind].get(main) === null);
  }

  /** Null where it is not there, or only the API server can tell. */
  claim(space: string, name: string): JsonObject | null {
    return this.isUpToDate(space) ? this.kinds[KINDS.PersistentVolumeClaim.kind].get(name) : null;
  }

  /** All of a kind as its watch told them; null where it is not followed. */
  all({ kind }: Kind): Iterable<JsonObject> | null {
    const cache = this.kinds[kind];
    return cache.following ? allOf(cache) : null;
  }

  /** How a space is, in short: what does not change it need not be looked at. Null where only a look can tell. */
  toldOf(space: string): string | null {
    const name = backendName(space);
    const running = RUNNING_KINDS.flatMap((kind) =>
      this.kinds[kind.kind].ofSpace(space).map((object): Live => ({ kind, object })),
    );
    const main = running.find(({ object }) => nameOf(object) === name);
    if (!main) return null;
    const pods = running.filter(({ kind }) => kind === KINDS.Pod).map(({ object }) => parsePod(object));
    const beside = running.filter((one) => one !== main && one.kind !== KINDS.Pod);
    const { health, instance, exitCode, trouble } = conditionOf(main, beside, pods);
    return JSON.stringify([health, instance, exitCode, trouble]);
  }

  get isFollowed(): boolean {
    return Object.values(this.kinds).every(({ following }) => following);
  }

  private isUpToDate(space: string): boolean {
    return this.isFollowed && this.writes.haveComeBack(space);
  }
}

function* allOf(cache: KindCache): Iterable<JsonObject> {
  for (const name of cache.names()) yield cache.get(name) ?? {};
}
