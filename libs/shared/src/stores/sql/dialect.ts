/** The texts by which one database does what the store needs with the rows of a table. Names are quoted by `"`. */
export interface RowStatements {
  readonly get: string;
  readonly getMany: string;
  readonly version: string;
  /** Adds a row; one that is there is left alone, or refused as a duplicate. */
  readonly insert: string;
  readonly upsert: string;
  /** Parameters: those of insert without the id, then id and expected version. */
  readonly update: string;
  /** The same for some of the fields. */
  readonly updateOf: (fields: readonly string[]) => string;
  readonly delete: string;
  readonly deleteVersion: string;
}

/** Where SQL databases differ. Each compares text by its bytes, so that lists stand in one order everywhere. */
export interface Dialect {
  statements(table: string, fields: readonly string[]): RowStatements;
  /** A column as `fold` would leave it. */
  folded(column: string): string;
  /** Rows that stand behind a value of a column and an id; its parameters in the order of `values`. */
  after(column: string, comparison: '<' | '>'): { readonly sql: string; readonly values: readonly ('value' | 'id')[] };
}

interface Parts {
  readonly insert: string;
  readonly others: readonly string[];
  readonly raised: string;
}

/** What every dialect says alike, around what differs. */
export function rowStatements(
  table: string,
  fields: readonly string[],
  own: (parts: Parts) => Pick<RowStatements, 'getMany' | 'insert' | 'upsert'>,
): RowStatements {
  const quoted = fields.map((field) => `"${field}"`);
  const others = quoted.slice(1);
  const insert = `INSERT INTO ${table} (${quoted.join(', ')}, "version") VALUES (${quoted.map(() => '?').join(', ')}, 1)`;
  const raised = '"version" = "version" + 1';
  const updateOf = (some: readonly string[]) => {
    const changed = some.map((field) => `"${field}" = ?`);
    return `UPDATE ${table} SET ${[...changed, raised].join(', ')} WHERE "id" = ? AND "version" = ?`;
  };
  return {
    get: `SELECT * FROM ${table} WHERE "id" = ?`,
    version: `SELECT "version" FROM ${table} WHERE "id" = ?`,
    update: updateOf(fields.slice(1)),
    updateOf,
    delete: `DELETE FROM ${table} WHERE "id" = ?`,
    deleteVersion: `DELETE FROM ${table} WHERE "id" = ? AND "version" = ?`,
    ...own({ insert, others, raised }),
  };
}
