import { rowStatements, type Dialect } from './dialect.js';

export const SQLITE: Dialect = {
  statements: (table, fields) =>
    rowStatements(table, fields, ({ insert, others, raised }) => {
      const taken = others.map((column) => `${column} = excluded.${column}`);
      return {
        getMany: `SELECT * FROM ${table} WHERE "id" IN (SELECT value FROM json_each(?))`,
        insert: `${insert} ON CONFLICT DO NOTHING`,
        upsert: `${insert} ON CONFLICT ("id") DO UPDATE SET ${[...taken, raised].join(', ')}`,
      };
    }),
  // A function of the connection, see `fold`.
  folded: (column) => `knot_fold(${column})`,
  after: (column, comparison) => ({ sql: `(${column}, "id") ${comparison} (?, ?)`, values: ['value', 'id'] }),
};
