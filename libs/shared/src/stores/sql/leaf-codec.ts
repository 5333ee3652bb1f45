import type { LeafObjectKind } from '../leaf-store.js';
import type { SqlRecord } from './node-sqlite.js';

type Value = SqlRecord[string] | undefined;

/** What the leaf's store itself has written, read back. */
export function leafKindOf(value: Value): LeafObjectKind {
  return String(value) as LeafObjectKind;
}

export function leafJson<T>(value: Value): T {
  return JSON.parse(String(value)) as T;
}

export function leafBytes(value: Value): Uint8Array {
  return value instanceof Uint8Array ? value : new Uint8Array();
}
