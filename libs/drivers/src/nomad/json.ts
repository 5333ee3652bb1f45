/** Readers for what Nomad answers: the one place where unknown values become typed ones. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** {} for what is no object. */
export function asObject(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

export function objectAt(of: JsonObject, key: string): JsonObject {
  return asObject(of[key]);
}

export function listAt(of: JsonObject, key: string): readonly unknown[] {
  const value: unknown = of[key];
  return Array.isArray(value) ? value : [];
}

export function objectsAt(of: JsonObject, key: string): readonly JsonObject[] {
  return listAt(of, key).filter(isObject);
}

export function asObjects(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** '' for what is no text. */
export function textAt(of: JsonObject, key: string): string {
  const value = of[key];
  return typeof value === 'string' ? value : '';
}

export function textsAt(of: JsonObject, key: string): readonly string[] {
  return listAt(of, key).filter((value) => typeof value === 'string');
}

/** 0 for what is no number. */
export function numberAt(of: JsonObject, key: string): number {
  const value = of[key];
  return typeof value === 'number' ? value : 0;
}

export function flagAt(of: JsonObject, key: string): boolean {
  return of[key] === true;
}

/** Nanoseconds as Nomad counts them to ms since the epoch. */
export function msOf(nanoseconds: number): number {
  return Math.floor(nanoseconds / 1_000_000);
}
