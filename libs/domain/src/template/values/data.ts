import { LimitError } from './limit-error.js';
import { list, map, MAX_VALUE_DEPTH, NULL, TRUSTED, type Taint, type Trust, type Value } from './value.js';

/** A value with its trust; made by `trusted` and `userField`. The mark covers all that is inside of it. */
export class MarkedValue {
  constructor(
    readonly trust: Trust,
    readonly value: TemplateData,
  ) {}
}

/** Plain values as JSON has them. `undefined` in a map is as if the name were not there. What bears no mark is a user's. */
export type TemplateData =
  | string
  | number
  | boolean
  | null
  | undefined
  | MarkedValue
  | readonly TemplateData[]
  | { readonly [name: string]: TemplateData };

/** Marks a value that an administrator wrote, such as a variable: raw outside of quotes. */
export const trusted = (value: TemplateData): MarkedValue => new MarkedValue('trusted', value);

/** Marks a value that a user may choose, such as an e-mail address: outside of quotes only when harmless there. */
export const userField = (value: TemplateData): MarkedValue => new MarkedValue('user', value);

/**
 * The root of the tree that a template sees. Its first names are fixed: asking for another is a mistake, not a question.
 * @throws LimitError when the data nests too deep or holds a number that is none
 */
export function rootValue(data: { readonly [group: string]: TemplateData }): Value {
  const entries = new Map<string, Value>();
  for (const [name, child] of Object.entries(data)) {
    if (child !== undefined) entries.set(name, toValue(child, 'user', `.${name}`, 1));
  }
  return map(entries, TRUSTED, true);
}

function toValue(data: Exclude<TemplateData, undefined>, trust: Trust, path: string, depth: number): Value {
  if (depth > MAX_VALUE_DEPTH) throw new LimitError(`${path.slice(0, 60)} nests more than ${MAX_VALUE_DEPTH} deep`);
  if (data instanceof MarkedValue) return toValue(data.value ?? null, data.trust, path, depth + 1);
  if (data === null) return NULL;
  const taint: Taint = trust === 'trusted' ? TRUSTED : { trust, source: path };
  if (typeof data === 'string') return { kind: 'text', value: data.toWellFormed(), taint };
  if (typeof data === 'boolean') return { kind: 'bool', value: data, taint };
  if (typeof data === 'number') {
    if (!Number.isFinite(data)) throw new LimitError(`${path} is a number that is not finite`);
    return { kind: 'number', value: data, taint };
  }
  if (isList(data)) return list(data.map((item) => toValue(item ?? null, trust, path, depth + 1)));
  const entries = new Map<string, Value>();
  for (const [name, child] of Object.entries(data)) {
    if (child !== undefined) entries.set(name.toWellFormed(), toValue(child, trust, `${path}.${name}`, depth + 1));
  }
  return map(entries, taint);
}

function isList(data: object): data is readonly TemplateData[] {
  return Array.isArray(data);
}
