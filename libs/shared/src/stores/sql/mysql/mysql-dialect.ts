import { rowStatements, type Dialect } from '../dialect.js';

/** MySQL and MariaDB, in sessions that quote names by `"` (see `MysqlSession`). */
export const MYSQL: Dialect = {
  statements: (table, fields) =>
    rowStatements(table, fields, ({ insert, others, raised }) => {
      const taken = others.map((column) => `${column} = VALUES(${column})`);
      return {
        getMany: `SELECT * FROM ${table} WHERE "id" IN (?)`,
        insert,
        upsert: `${insert} ON DUPLICATE KEY UPDATE ${[...taken, raised].join(', ')}`,
      };
    }),
  // Names are ASCII, or typed in the composed form: what LOWER does is what `fold` does.
  folded: (column) => `LOWER(${column})`,
  // A comparison of pairs would read the index from its beginning.
  after: (column, comparison) => ({
    sql: `${column} ${comparison}= ? AND (${column} ${comparison} ? OR "id" ${comparison} ?)`,
    values: ['value', 'value', 'id'],
  }),
};
