import type { Kind } from '../rows.js';
import { INDEXES } from '../store.js';
import type { NodeSqlite, SqlValue } from './node-sqlite.js';
import type { RowCodec } from './row-codec.js';

interface Column {
  readonly field: string;
  readonly at: number;
}

/**
 * How SQLite changes a row of one kind. It writes the entry of each index anew whose column is named, whether that changes
 * or not, so that a space that is started would touch six of them for one: columns of indexes are named where they change.
 */
class RowUpdate {
  private readonly indexed: readonly Column[];
  private readonly others: readonly Column[];
  private readonly before: string;
  /** By the indexed columns that change: for six of them at most 64. */
  private readonly texts = new Map<string, { readonly sql: string; readonly columns: readonly Column[] }>();

  constructor(private readonly codec: RowCodec<Kind>) {
    const indexes: readonly string[] = INDEXES[codec.kind];
    const columns = codec.fields.slice(1).map((field, at) => ({ field, at: at + 1 }));
    this.indexed = columns.filter(({ field }) => indexes.includes(field));
    this.others = columns.filter(({ field }) => !indexes.includes(field));
    const named = this.indexed.map(({ field }) => `"${field}"`);
    this.before = `SELECT ${named.join(', ')} FROM ${codec.table} WHERE "id" = ? AND "version" = ?`;
  }

  /** How many rows it changed: none where the row has another version. */
  run(db: NodeSqlite, values: readonly SqlValue[], version: number): number {
    const [id = null, ...rest] = values;
    if (this.indexed.length === 0) return db.run(this.codec.sql.update, ...rest, id, version);
    const before = db.get(this.before, id, version);
    if (before === undefined) return 0;
    const changed = this.indexed.filter(({ field, at }) => before[field] !== values[at]);
    const { sql, columns } = this.textFor(changed);
    return db.run(sql, ...columns.map(({ at }) => values[at] ?? null), id, version);
  }

  private textFor(changed: readonly Column[]) {
    const key = changed.map(({ at }) => at).join();
    const known = this.texts.get(key);
    if (known !== undefined) return known;
    const columns = [...changed, ...this.others];
    const text = { sql: this.codec.sql.updateOf(columns.map(({ field }) => field)), columns };
    this.texts.set(key, text);
    return text;
  }
}

const updates = new WeakMap<RowCodec<Kind>, RowUpdate>();

/** Changes a row that has this version; `values` as the codec encodes it. Answers how many rows that were. */
export function updateRow(db: NodeSqlite, codec: RowCodec<Kind>, values: readonly SqlValue[], version: number): number {
  const update = updates.get(codec) ?? new RowUpdate(codec);
  updates.set(codec, update);
  return update.run(db, values, version);
}
