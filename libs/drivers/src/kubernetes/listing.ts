import { backendName, type Scope } from '@knot/domain';
import { throwIfGivenUp } from '../clock.js';
import type { MarkedObject } from '../driver.js';
import type { KubeApi } from './api.js';
import { objectAt, textAt, timeAt, type JsonObject } from './json.js';
import type { KubeCache } from './kube-cache.js';
import { KINDS, WORKLOAD_KINDS, type Kind } from './kinds.js';
import { ANNOTATION, bearsScope, selectorOf, spaceOf } from './mark.js';
import { nameOf } from './sight.js';

/**
 * All that bears the mark of a location: as the watches told it, where its kind is followed. What one space has is asked
 * of the API server, for its end may hang on that.
 */
export async function markedObjects(
  api: KubeApi,
  cache: KubeCache,
  scope: Scope,
  signal: AbortSignal,
  one?: string,
): Promise<readonly MarkedObject[]> {
  throwIfGivenUp(signal);
  const query = { labelSelector: selectorOf(scope, one) };
  const objectsOf = async (kind: Kind): Promise<Iterable<JsonObject>> => {
    const known = one === undefined ? cache.all(kind) : null;
    return known ?? (await api.list(kind, query, signal)).items;
  };
  const [claims, ...workloads] = await Promise.all([
    objectsOf(KINDS.PersistentVolumeClaim),
    ...WORKLOAD_KINDS.map(objectsOf),
  ]);
  return [...oneOfEach(workloads, scope), ...marked(claims, 'volume', scope)];
}

/** One entry per space: its main object, or what is left of it. */
function oneOfEach(workloads: readonly Iterable<JsonObject>[], scope: Scope): Iterable<MarkedObject> {
  const bySpace = new Map<string, MarkedObject>();
  for (const object of workloads.flatMap((objects) => [...marked(objects, 'workload', scope)])) {
    if (!bySpace.has(object.space) || object.backendId === backendName(object.space)) bySpace.set(object.space, object);
  }
  return bySpace.values();
}

function* marked(objects: Iterable<JsonObject>, kind: MarkedObject['kind'], scope: Scope): Iterable<MarkedObject> {
  for (const object of objects) {
    if (!bearsScope(object, scope)) continue;
    const annotations = objectAt(object, 'metadata', 'annotations');
    yield {
      ...{ space: spaceOf(object), kind, backendId: nameOf(object) },
      owner: textAt(annotations, ANNOTATION.owner),
      name: textAt(annotations, ANNOTATION.name),
      createdAt: timeAt(objectAt(object, 'metadata'), 'creationTimestamp'),
    };
  }
}
