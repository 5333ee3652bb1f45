import { tableOf } from '../../entities/declared.js';
import { KIND_ENTITIES } from '../../entities/kind-entities.js';
import { fieldsOf, type FieldForm } from '../../entities/kind-fields.js';
import { KnotError } from '../../errors/index.js';
import type { Kind, Rows } from '../rows.js';
import type { Dialect, RowStatements } from './dialect.js';
import type { SqlRecord } from './node-sqlite.js';

interface RowColumn {
  readonly field: string;
  readonly form: FieldForm;
}

/** How the rows of one kind stand in their table: the texts of its statements and both ways of a row. */
export class RowCodec<K extends Kind> {
  readonly table: string;
  /** All but `version`, which the statements keep by themselves; the id comes first. */
  readonly #columns: readonly RowColumn[];
  readonly sql: RowStatements;
  /** In the order in which `encode` gives their values. */
  readonly fields: readonly string[];

  constructor(
    readonly kind: K,
    readonly dialect: Dialect,
  ) {
    this.table = `"${tableOf(KIND_ENTITIES[kind]).name}"`;
    const fields = fieldsOf(kind).map(({ name, form }) => ({ field: name, form }));
    this.#columns = [{ field: 'id', form: 'text' }, ...fields];
    this.fields = this.#columns.map((column) => column.field);
    this.sql = dialect.statements(this.table, this.fields);
  }

  /** Values in the order of `sql.insert`: the id first. */
  encode(row: object): (string | number)[] {
    const fields = new Map<string, unknown>(Object.entries(row));
    return this.#columns.map((column) => this.#encode(column, fields.get(column.field)));
  }

  decode(record: SqlRecord): Rows[K] {
    const row: Record<string, unknown> = { version: record['version'] };
    for (const { field, form } of this.#columns) row[field] = decodeValue(form, record[field]);
    return row as unknown as Rows[K];
  }

  /** What a read gives once this row is written under this version. */
  written(row: object, version: number): Rows[K] {
    const record: SqlRecord = { version };
    for (const [at, value] of this.encode(row).entries()) record[this.fields[at] ?? ''] = value;
    return this.decode(record);
  }

  /** How a value of a field is compared; null for a field that is none of this kind or cannot be compared. */
  comparable(field: string): 'string' | 'number' | null {
    const column = this.#columns.find((one) => one.field === field);
    if (column === undefined || column.form === 'json') return null;
    return column.form === 'text' ? 'string' : 'number';
  }

  #encode({ field, form }: RowColumn, value: unknown): string | number {
    switch (form) {
      case 'text':
        if (typeof value === 'string') return value;
        break;
      case 'integer':
        if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
        break;
      case 'flag':
        if (typeof value === 'boolean') return value ? 1 : 0;
        break;
      case 'json':
        if (value !== undefined) return JSON.stringify(value);
        break;
      default:
        form satisfies never;
    }
    throw new KnotError('internal', `the ${this.kind} to be written has no valid ${field}`);
  }
}

export type RowCodecs = { readonly [K in Kind]: RowCodec<K> };

export function rowCodecs(dialect: Dialect): RowCodecs {
  const kinds = Object.keys(KIND_ENTITIES) as Kind[];
  const byKind: unknown = Object.fromEntries(kinds.map((kind) => [kind, new RowCodec(kind, dialect)]));
  return byKind as RowCodecs;
}

/** The kind that a log entry of this store names. */
export function kindOf(value: SqlRecord[string] | undefined): Kind {
  return String(value) as Kind;
}

function decodeValue(form: FieldForm, value: SqlRecord[string] | undefined): unknown {
  switch (form) {
    case 'text':
    case 'integer':
      return value;
    case 'flag':
      return value !== 0;
    case 'json':
      return JSON.parse(String(value));
  }
}
