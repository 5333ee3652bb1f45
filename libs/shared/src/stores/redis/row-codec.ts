import { fieldsOf, type KindField } from '../../entities/kind-fields.js';
import { KIND_ENTITIES } from '../../entities/kind-entities.js';
import { KnotError } from '../../errors/index.js';
import type { Kind, Rows } from '../rows.js';
import { INDEXES, SEARCHED } from '../store.js';
import { fold } from '../page-request.js';
import { orderOfNumber, orderOfText } from './order.js';

/** The name under which a header keeps what `search` looks into; no field is called so. */
export const SEARCH_FIELD = '~';

/** How rows of one kind stand in Redis: `<version>\n<JSON>`, and beside it a header with what the indexes hold. */
export class RowCodec<K extends Kind> {
  readonly #fields: readonly KindField[];
  readonly #indexed: readonly KindField[];
  readonly #searched: string | undefined;

  constructor(readonly kind: K) {
    this.#fields = fieldsOf(kind);
    const indexed: readonly string[] = INDEXES[kind];
    this.#indexed = this.#fields.filter((field) => indexed.includes(field.name));
    const searched: Partial<Record<Kind, string>> = SEARCHED;
    this.#searched = searched[kind];
  }

  /** The JSON of a row without its version. Throws `internal` when a field has no valid value. */
  encode(row: object): string {
    const given = new Map<string, unknown>(Object.entries(row));
    const checked: Record<string, unknown> = { id: given.get('id') };
    for (const field of this.#fields) {
      const value = given.get(field.name);
      if (!fits(field, value))
        throw new KnotError('internal', `the ${this.kind} to be written has no valid ${field.name}`);
      checked[field.name] = value;
    }
    return JSON.stringify(checked);
  }

  /** What the indexes hold of a row, by field. */
  header(row: object): Record<string, string> {
    const given = new Map<string, unknown>(Object.entries(row));
    const header = Object.fromEntries(
      this.#indexed.map((field) => [field.name, orderOf(field, given.get(field.name))]),
    );
    if (this.#searched !== undefined) header[SEARCH_FIELD] = fold(String(given.get(this.#searched)));
    return header;
  }

  decode(stored: string): Rows[K] {
    const end = stored.indexOf('\n');
    const given = JSON.parse(stored.slice(end + 1)) as Record<string, unknown>;
    const row: Record<string, unknown> = { version: Number(stored.slice(0, end)), id: given['id'] };
    for (const { name, missing } of this.#fields) row[name] = Object.hasOwn(given, name) ? given[name] : missing;
    return row as unknown as Rows[K];
  }

  /** The place of a value among those of a field that is indexed. */
  order(field: string, value: unknown): string {
    if (field === 'id') return String(value);
    const known = this.#indexed.find((one) => one.name === field);
    if (known === undefined) throw new KnotError('internal', `${this.kind} has no index of ${field}`);
    return orderOf(known, value);
  }

  /** How a value of a field is compared; null for a field that is none of this kind or cannot be compared. */
  comparable(field: string): 'string' | 'number' | null {
    if (field === 'id') return 'string';
    const known = this.#fields.find((one) => one.name === field);
    if (known === undefined || known.form === 'json') return null;
    return known.form === 'text' ? 'string' : 'number';
  }
}

function fits({ form }: KindField, value: unknown): boolean {
  switch (form) {
    case 'text':
      return typeof value === 'string';
    case 'integer':
      return typeof value === 'number' && Number.isSafeInteger(value);
    case 'flag':
      return typeof value === 'boolean';
    case 'json':
      return value !== undefined;
  }
}

function orderOf({ form }: KindField, value: unknown): string {
  return form === 'text' ? orderOfText(String(value)) : orderOfNumber(Number(value));
}

export type RowCodecs = { readonly [K in Kind]: RowCodec<K> };

export const ALL_KINDS = Object.keys(KIND_ENTITIES) as readonly Kind[];

export function rowCodecs(): RowCodecs {
  const byKind: unknown = Object.fromEntries(ALL_KINDS.map((kind) => [kind, new RowCodec(kind)]));
  return byKind as RowCodecs;
}
