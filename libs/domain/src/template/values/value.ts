import { LimitError } from './limit-error.js';
/**
 * Who wrote a value. `trusted`: an administrator or the template's author; goes out as it is where no quotes stand.
 * `user`: anybody with an account; outside of quotes only when its characters are harmless there.
 */
export type Trust = 'trusted' | 'user';

export interface Taint {
  readonly trust: Trust;
  /** The name that brought the trust in, such as `.user.email`, for error messages; empty when trusted. */
  readonly source: string;
}

export const TRUSTED: Taint = { trust: 'trusted', source: '' };

export function weakest(a: Taint, b: Taint): Taint {
  return a.trust === 'user' ? a : b;
}

/** A text that is one whole literal of JSON or YAML (made by quote, toJson, toYaml): it cannot end early, whoever wrote what is in it. */
export type Literal = 'json' | 'yaml';

export interface NullValue {
  readonly kind: 'null';
  readonly taint: Taint;
}
export interface BoolValue {
  readonly kind: 'bool';
  readonly value: boolean;
  readonly taint: Taint;
}
export interface NumberValue {
  readonly kind: 'number';
  readonly value: number;
  readonly taint: Taint;
}
export interface TextValue {
  readonly kind: 'text';
  readonly value: string;
  readonly taint: Taint;
  readonly literal?: Literal;
}
/** `taint` of a list or map is the weakest of all that is in it; `depth` how deep it nests. */
export interface ListValue {
  readonly kind: 'list';
  readonly items: readonly Value[];
  readonly taint: Taint;
  readonly depth: number;
}
export interface MapValue {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, Value>;
  /** Of the keys alone. */
  readonly keyTaint: Taint;
  readonly taint: Taint;
  readonly depth: number;
  /** The names in it are fixed by the program, so that a missing one is an error even when asked for. */
  readonly fixed: boolean;
}
/** What a name that is not there yields. Only what asks for names may take it; all else turns it into an error. */
export interface MissingValue {
  readonly kind: 'missing';
  readonly at: number;
  readonly path: string;
  readonly name: string;
  /** Where it was looked for. */
  readonly within: MapValue | undefined;
}

export type Value = NullValue | BoolValue | NumberValue | TextValue | ListValue | MapValue;
export type MaybeValue = Value | MissingValue;

/** Deeper than any configuration, shallow enough for recursion. */
export const MAX_VALUE_DEPTH = 64;

export const text = (value: string, taint: Taint, literal?: Literal): TextValue => ({
  kind: 'text',
  value,
  taint,
  literal,
});
export const number = (value: number, taint: Taint): NumberValue => ({ kind: 'number', value, taint });
export const bool = (value: boolean, taint: Taint): BoolValue => ({ kind: 'bool', value, taint });
export const NULL: NullValue = { kind: 'null', taint: TRUSTED };

const depthOf = (value: Value): number => (value.kind === 'list' || value.kind === 'map' ? value.depth : 0);

/** @throws LimitError when it nests deeper than MAX_VALUE_DEPTH */
export function list(items: readonly Value[], own: Taint = TRUSTED): ListValue {
  const { taint, depth } = summarize(items, own);
  return { kind: 'list', items, taint, depth };
}

/** @throws LimitError when it nests deeper than MAX_VALUE_DEPTH */
export function map(entries: ReadonlyMap<string, Value>, keyTaint: Taint = TRUSTED, fixed = false): MapValue {
  const { taint, depth } = summarize(entries.values(), keyTaint);
  return { kind: 'map', entries, keyTaint, taint, depth, fixed };
}

function summarize(children: Iterable<Value>, own: Taint): { taint: Taint; depth: number } {
  let taint = own;
  let depth = 0;
  for (const child of children) {
    taint = weakest(taint, child.taint);
    depth = Math.max(depth, depthOf(child));
  }
  if (depth >= MAX_VALUE_DEPTH) throw new LimitError(`lists and maps nested more than ${MAX_VALUE_DEPTH} deep`);
  return { taint, depth: depth + 1 };
}

/** Keys in the order in which everything here walks maps: by UTF-16 unit, so that the same data gives the same text. */
export function sortedKeys(value: MapValue): string[] {
  return [...value.entries.keys()].sort();
}

/** What Go's `if` takes as true: all but false, 0, "", nil and the empty list or map. */
export function isTrue(value: Value): boolean {
  switch (value.kind) {
    case 'null':
      return false;
    case 'bool':
      return value.value;
    case 'number':
      return value.value !== 0;
    case 'text':
      return value.value !== '';
    case 'list':
      return value.items.length > 0;
    case 'map':
      return value.entries.size > 0;
  }
}

const KIND_NAMES: Readonly<Record<Value['kind'], string>> = {
  null: 'nothing',
  bool: 'true or false',
  number: 'a number',
  text: 'a text',
  list: 'a list',
  map: 'a map',
};

export const kindName = (value: Value): string => KIND_NAMES[value.kind];
