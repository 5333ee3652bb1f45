import { backendName, type Mark } from '@knot/domain';
import type { KubeApi } from './api.js';
import { objectAt, objectsAt, textAt, type JsonObject } from './json.js';
import type { KindCache } from './kind-cache.js';
import type { Resource } from './kinds.js';
import type { Pod } from './pod.js';
import type { Sight } from './sight.js';

export const EVENT: Resource = { kind: 'Event', apiVersion: 'v1', plural: 'events' };

function aboutOf(event: JsonObject): string {
  return textAt(objectAt(event, 'involvedObject'), 'name');
}

/**
 * Kubernetes' own events of the objects of a space; their names begin with the space's. Those of before are left out.
 * `followed`: as a watch told them; null to ask.
 */
export async function eventsOf(
  api: KubeApi,
  followed: KindCache | null,
  mark: Mark,
  { main, pods }: Sight,
  signal: AbortSignal,
): Promise<readonly JsonObject[]> {
  if (!main && pods.length === 0) return [];
  if (followed?.following && !followed.isWhole(mark.space)) await takeAgain(api, followed, mark, pods, signal);
  // all that there are in the namespace, of every space: too much for each look
  const items = followed?.following ? followed.ofSpace(mark.space) : (await api.list(EVENT, {}, signal)).items;
  const name = backendName(mark.space);
  const uids = new Set([textAt(objectAt(main?.object ?? {}, 'metadata'), 'uid'), ...pods.map(({ uid }) => uid)]);
  return items.filter((event) => {
    const about = objectAt(event, 'involvedObject');
    const kind = textAt(about, 'kind');
    if (!aboutOf(event).startsWith(name)) return false;
    // a space's pods and main object are made anew; what is between them is told by name
    return uids.has(textAt(about, 'uid')) || (kind !== 'Pod' && kind !== main?.kind.kind);
  });
}

/** A space that was well is not: what was told of it before is asked for once more. */
async function takeAgain(
  api: KubeApi,
  followed: KindCache,
  { space }: Mark,
  pods: readonly Pod[],
  signal: AbortSignal,
): Promise<void> {
  const owners = pods.map(({ owner }) => owner.slice(owner.indexOf('/') + 1)).filter((name) => name !== '');
  const names = new Set([backendName(space), ...pods.map(({ name }) => name), ...owners]);
  const about = (name: string) => api.list(EVENT, { fieldSelector: `involvedObject.name=${name}` }, signal);
  const pages = await Promise.all([...names].map(about));
  for (const event of pages.flatMap(({ items }) => items)) followed.put(event);
  followed.noteWhole(space);
}

const WORDS = 5;

/** The last lines that a container printed, of its last run where it is between two. '' where there are none. */
export async function lastWords(
  api: KubeApi,
  { name, raw }: Pod,
  container: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const statuses = objectsAt(objectAt(raw, 'status'), 'containerStatuses');
  const status = statuses.find((one) => one['name'] === container);
  const between = Object.keys(objectAt(status ?? {}, 'state', 'waiting')).length > 0;
  return logLines(api, name, container, WORDS, between, signal);
}

export async function logLines(
  api: KubeApi,
  pod: string,
  container: string,
  lines: number,
  previous: boolean,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const query = new URLSearchParams({
    container,
    tailLines: String(lines),
    limitBytes: '65536',
    previous: String(previous),
  });
  const path = `/api/v1/namespaces/${api.namespace}/pods/${pod}/log?${query.toString()}`;
  const text = await api.text(path, 'read its log', signal);
  return text.split('\n').filter((line) => line !== '');
}
