import type { Kind } from '../stores/rows.js';
import { columnsOf, type ColumnType } from './declared.js';
import { KIND_ENTITIES } from './kind-entities.js';

export type FieldForm = 'text' | 'integer' | 'flag' | 'json';

/** A field of a kind as its entity declares it, for stores that keep rows whole. */
export interface KindField {
  readonly name: string;
  readonly form: FieldForm;
  /** What a row has that was written before the field was there. */
  readonly missing: unknown;
}

/** All fields of a kind but `id` and `version`, which every store keeps by itself. */
export function fieldsOf(kind: Kind): readonly KindField[] {
  return columnsOf(KIND_ENTITIES[kind])
    .filter(({ name }) => name !== 'id' && name !== 'version')
    .map(({ name, type, default: declared }) => {
      const form = formOf(type, name);
      return { name, form, missing: missingOf(form, declared) };
    });
}

function formOf(type: ColumnType, name: string): FieldForm {
  switch (type) {
    case 'varchar':
    case 'text':
      return 'text';
    case 'integer':
    case 'bigint':
      return 'integer';
    case 'boolean':
      return 'flag';
    case 'simple-json':
      return 'json';
    case 'blob':
      throw new TypeError(`the column ${name} has a type that no row holds`);
  }
}

/** The default that the column's migration gave to the rows of before, else the empty value of its form. */
function missingOf(form: FieldForm, declared: unknown): unknown {
  switch (form) {
    case 'text':
      return typeof declared === 'string' ? declared : '';
    case 'integer':
      return typeof declared === 'number' ? declared : 0;
    case 'flag':
      return false;
    case 'json':
      return typeof declared === 'string' ? JSON.parse(declared) : [];
  }
}
