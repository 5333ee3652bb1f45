import { FIELD_MANAGER } from './api.js';
import { asObject, isObject, objectAt, objectsAt, textAt, type JsonObject } from './json.js';

/**
 * Whether everything that was applied is still ours. The API server takes a field from its manager when another
 * changes or removes it, so what differs shows here whatever its value looks like after defaulting; fields that we
 * never set belong to others, and are not looked at.
 */
export interface LostField {
  /** Like `spec.replicas`. */
  readonly path: string;
  /** Who has it now; '' where nobody has. */
  readonly by: string;
}

/** The fields of what was applied that are no longer ours. */
export function lostFields(applied: JsonObject, live: JsonObject): readonly LostField[] {
  const entries = objectsAt(objectAt(live, 'metadata'), 'managedFields');
  const ours = entries.find(
    (entry) => textAt(entry, 'manager') === FIELD_MANAGER && textAt(entry, 'operation') === 'Apply',
  );
  const others = entries.filter((entry) => entry !== ours);
  const { apiVersion: _apiVersion, kind: _kind, metadata, ...rest } = applied;
  const { name: _name, namespace: _namespace, ...marked } = asObject(metadata);
  const lost: Step[] = [];
  findLost({ ...rest, metadata: marked }, objectAt(ours ?? {}, 'fieldsV1'), null, lost);
  return lost.map(pathOf).map((path) => ({ path: path.map(wordOf).join('.'), by: ownerOf(path, others) }));
}

/** Keys of the fields tree: `f:name`, `k:{"name":"web"}`, `v:"text"`. */
type Path = readonly string[];

/** The last of a path, with the way to it: hardly ever does anybody ask for one. */
interface Step {
  readonly key: string;
  readonly before: Step | null;
}

function pathOf(last: Step): Path {
  const path: string[] = [];
  for (let step: Step | null = last; step !== null; step = step.before) path.push(step.key);
  return path.reverse();
}

function findLost(value: unknown, fields: JsonObject, at: Step | null, lost: Step[]): void {
  if (at !== null && hasNothing(fields)) return; // a leaf, or taken as a whole
  if (Array.isArray(value)) return findLostOfList(value, fields, at, lost);
  if (!isObject(value)) return;
  for (const [key, entry] of Object.entries(value)) {
    const step: Step = { key: `f:${key}`, before: at };
    if (step.key in fields) findLost(entry, objectAt(fields, step.key), step, lost);
    else if (!isEmpty(entry)) lost.push(step);
  }
}

function findLostOfList(list: readonly unknown[], fields: JsonObject, at: Step | null, lost: Step[]): void {
  const keys = Object.keys(fields).filter((key) => key !== '.');
  for (const item of list) {
    const key = keys.find((one) => isStepOf(one, item));
    if (key === undefined) lost.push({ key: stepFor(item), before: at });
    else findLost(item, objectAt(fields, key), { key, before: at }, lost);
  }
}

function hasNothing(fields: JsonObject): boolean {
  for (const _ in fields) return false;
  return true;
}

/** Keys that the template leaves out have their default. */
function isStepOf(step: string, item: unknown): boolean {
  if (step.startsWith('v:')) return step.slice(2) === JSON.stringify(item);
  if (!step.startsWith('k:') || !isObject(item)) return false;
  const keys = Object.entries(asObject(parsed(step.slice(2))));
  return keys.every(([key, value]) => item[key] === undefined || item[key] === value);
}

function stepFor(item: unknown): string {
  return isObject(item) ? `k:${JSON.stringify({ name: item['name'] ?? '' })}` : `v:${JSON.stringify(item)}`;
}

function ownerOf(path: Path, others: readonly JsonObject[]): string {
  const owner = others.find((entry) => {
    let fields = objectAt(entry, 'fieldsV1');
    return path.every((step) => {
      const there = step in fields;
      fields = objectAt(fields, step);
      return there;
    });
  });
  return owner ? textAt(owner, 'manager') : '';
}

function wordOf(step: string): string {
  if (step.startsWith('f:')) return step.slice(2);
  if (step.startsWith('v:')) return step.slice(2);
  const keys = asObject(parsed(step.slice(2)));
  return textAt(keys, 'name') || Object.values(keys).join('/');
}

/** What leaves no trace in the fields: nothing was asked for. */
function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.values(value).every(isEmpty);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
