import { hash } from 'node:crypto';
import { backendName, type Mark } from '@knot/domain';
import type { KubeApi } from './api.js';
import { canonical, numberAt, objectAt, textAt, type JsonObject } from './json.js';
import { isOfControllers } from './kept.js';
import { KINDS, WORKLOAD_KINDS, type Kind } from './kinds.js';
import type { Live } from './live.js';
import { bearsMark, selectorOf } from './mark.js';
import { parsePod, type Pod } from './pod.js';
import type { Wanted } from './rewrite.js';

/** What there is of one space. */
export interface Sight {
  /** What bears the space's own name; null where nothing does. */
  readonly main: Live | null;
  /** Kind and name of something under one of its names that lacks our exact mark; null where there is none. */
  readonly foreign: string | null;
  /** Of the objects asked for, those that are there and ours, by kind and name. */
  readonly found: ReadonlyMap<string, JsonObject>;
  /** Those of them that run pods too, beside the main one. */
  readonly beside: readonly Live[];
  readonly pods: readonly Pod[];
}

export const RUNNING_KINDS = WORKLOAD_KINDS.filter(({ runs }) => runs);

export function keyOf(kind: Kind, name: string): string {
  return `${kind.kind}/${name}`;
}

/** Something of a name, where there is something. */
interface Named {
  readonly kind: Kind;
  readonly name: string;
  readonly object: JsonObject | null;
}

/** What a look asks for: the main object, whatever its kind, and all that is wanted beside it. */
export function namesOf(main: string, wanted: readonly Wanted[]): readonly Pick<Named, 'kind' | 'name'>[] {
  const others = wanted.filter((one) => !(one.kind.runs && one.name === main));
  return [...RUNNING_KINDS.map((kind) => ({ kind, name: main })), ...others];
}

/** One look at the API server. */
export async function seeSpace(
  api: KubeApi,
  mark: Mark,
  wanted: readonly Wanted[],
  signal: AbortSignal,
): Promise<Sight> {
  const [sight, pods] = await Promise.all([
    seeObjects(api, mark, namesOf(backendName(mark.space), wanted), signal),
    api.list(KINDS.Pod, { labelSelector: selectorOf(mark, mark.space) }, signal),
  ]);
  return { ...sight, pods: pods.items.map(parsePod) };
}

/** A look at objects of these names that leaves the pods out. */
export async function seeObjects(
  api: KubeApi,
  mark: Mark,
  names: readonly Pick<Named, 'kind' | 'name'>[],
  signal: AbortSignal,
): Promise<Sight> {
  const find = async ({ kind, name }: Pick<Named, 'kind' | 'name'>) => {
    return { kind, name, object: await api.find(kind, name, signal) };
  };
  return sightOf(mark, await Promise.all(names.map(find)), []);
}

/** What was found under all names that matter, and the space's pods. */
export function sightOf(mark: Mark, objects: readonly Named[], pods: readonly JsonObject[]): Sight {
  const name = backendName(mark.space);
  const there = objects.flatMap(({ kind, name: of, object }) => (object ? [{ kind, name: of, object }] : []));
  const strange = there.find(({ object }) => !bearsMark(object, mark));
  const own = there.filter(({ object }) => bearsMark(object, mark));
  const main = own.find((one) => one.kind.runs && one.name === name);
  return {
    main: main ? { kind: main.kind, object: main.object } : null,
    foreign: strange ? `${strange.kind.kind} ${strange.name}` : null,
    found: new Map(own.map(({ kind, name: of, object }) => [keyOf(kind, of), object])),
    beside: own.filter((one) => one.kind.runs && one !== main),
    pods: pods.map(parsePod),
  };
}

/** Everything of a space that bears its exact mark, by its labels; the main object comes last. */
export async function everythingOf(api: KubeApi, mark: Mark, signal: AbortSignal): Promise<readonly Live[]> {
  const query = { labelSelector: selectorOf(mark, mark.space) };
  const lists = await Promise.all(
    WORKLOAD_KINDS.map(async (kind) => {
      const { items } = await api.list(kind, query, signal);
      return items.filter((object) => bearsMark(object, mark)).map((object) => ({ kind, object }));
    }),
  );
  const isMain = ({ kind, object }: Live) => kind.runs && nameOf(object) === backendName(mark.space);
  const all = lists.flat();
  return [...all.filter((one) => !isMain(one)), ...all.filter(isMain)];
}

/**
 * The revision of an object: another whenever somebody changes what is to be, not with each word of its status.
 * What controllers write into its annotations is left out.
 */
export function revisionOf(object: JsonObject): string {
  const metadata = objectAt(object, 'metadata');
  const annotations = Object.entries(objectAt(metadata, 'annotations')).filter(([key]) => !isOfControllers(key));
  const marks = JSON.stringify(canonical([Object.fromEntries(annotations), objectAt(metadata, 'labels')]));
  return `${textAt(metadata, 'uid')}.${numberAt(metadata, 'generation')}.${hash('sha256', marks).slice(0, 12)}`;
}

/** Another with each word of its status too: what an apply is to find there. */
export function versionOf(object: JsonObject): string {
  return textAt(objectAt(object, 'metadata'), 'resourceVersion');
}

export function nameOf(object: JsonObject): string {
  return textAt(objectAt(object, 'metadata'), 'name');
}

export function isDeleting(object: JsonObject): boolean {
  return textAt(objectAt(object, 'metadata'), 'deletionTimestamp') !== '';
}
