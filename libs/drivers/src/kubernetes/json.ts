/** Readers for what the API server answers and what templates hold: the one place where unknown values become typed. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** {} for what is no object. */
export function asObject(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** What lies at the end of a path of keys, {} for what is no object. */
export function objectAt(of: JsonObject, ...path: readonly string[]): JsonObject {
  return path.reduce<JsonObject>((found, key) => asObject(found[key]), of);
}

export function listAt(of: JsonObject, key: string): readonly unknown[] {
  const value: unknown = of[key];
  return Array.isArray(value) ? value : [];
}

export function objectsAt(of: JsonObject, key: string): readonly JsonObject[] {
  return listAt(of, key).filter(isObject);
}

/** '' for what is no text. */
export function textAt(of: JsonObject, key: string): string {
  const value = of[key];
  return typeof value === 'string' ? value : '';
}

/** 0 for what is no number. */
export function numberAt(of: JsonObject, key: string): number {
  const value = of[key];
  return typeof value === 'number' ? value : 0;
}

/** ms since the epoch of an RFC 3339 time; 0 for what is none. */
export function timeAt(of: JsonObject, key: string): number {
  const ms = Date.parse(textAt(of, key));
  return Number.isNaN(ms) ? 0 : ms;
}

/** The same with keys in one order, whatever the order in which they were written. */
export function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(entries.map(([key, entry]) => [key, canonical(entry)]));
}
