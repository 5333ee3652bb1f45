import { isKnotError } from '@knot/shared/errors';
import type { PlanReport } from '../driver.js';
import type { KubeApi } from './api.js';
import { canonical, isObject, type JsonObject } from './json.js';
import type { PreparedWorkload } from './prepared-workload.js';
import { isImmutable } from './refusal.js';
import type { Wanted } from './rewrite.js';
import { keyOf, versionOf, type Sight } from './sight.js';

const MOST_CHANGES = 50;

/** A controller ends its pods and starts others where their template changes. */
function replacesPods(change: string): boolean {
  return /^\S+ \S+: spec\.template\b/.test(change);
}

/** What an apply would do, by dry runs of it: the API server's own defaults, webhooks and rules take part. */
export async function planOf(
  api: KubeApi,
  { wanted, main }: PreparedWorkload,
  sight: Sight,
  signal: AbortSignal,
): Promise<PlanReport> {
  const changes: string[] = [];
  let destructive = false;
  if (sight.main && sight.main.kind !== main.kind) {
    changes.push(`end the ${sight.main.kind.kind} and make a ${main.kind.kind} in its place`);
    destructive = true;
  }
  for (const one of wanted) {
    const live = sight.found.get(keyOf(one.kind, one.name));
    const found = await changesOf(api, one, live, signal);
    changes.push(...found.changes);
    destructive ||= found.anew || (one === main && found.changes.some(replacesPods));
  }
  return { changes: changes.slice(0, MOST_CHANGES), destructive, warnings: [] };
}

async function changesOf(api: KubeApi, one: Wanted, live: JsonObject | undefined, signal: AbortSignal) {
  const name = `${one.kind.kind} ${one.name}`;
  try {
    const after = await api.apply(one, live ? versionOf(live) : '', signal, true);
    if (!live) return { changes: [`make the ${name}`], anew: false };
    return { changes: differences(bare(live), bare(after), '').map((change) => `${name}: ${change}`), anew: false };
  } catch (error) {
    if (!live || !isKnotError(error) || !isImmutable(error)) throw error;
    return { changes: [`${name}: is ended and made anew: ${error.message}`], anew: true };
  }
}

/** Without what the API server writes down for itself. */
function bare(object: JsonObject): unknown {
  const { status: _status, metadata, ...rest } = object;
  const { labels, annotations } = isObject(metadata) ? metadata : {};
  const told = Object.entries(isObject(annotations) ? annotations : {}).filter(([key]) => !key.startsWith('knot.dev/'));
  return canonical({ ...rest, metadata: { labels, annotations: Object.fromEntries(told) } });
}

/** Paths that differ; values are not told, as one may be a secret. */
function differences(before: unknown, after: unknown, path: string): readonly string[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap((key) => differences(before[key], after[key], path === '' ? key : `${path}.${key}`));
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return before.flatMap((entry: unknown, n) => differences(entry, after[n], `${path}[${n}]`));
  }
  return [before === undefined ? `${path} is set` : after === undefined ? `${path} is taken away` : `${path} changes`];
}
