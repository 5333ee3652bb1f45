import type { DataSource } from 'typeorm';

/**
 * A `text` of SQLite has no end, one of MySQL ends at 64 kB. For the comparison of entities and tables: nothing of this
 * touches rows. After `initialize`.
 */
export function widenColumns(source: DataSource): void {
  for (const { columns } of source.entityMetadatas) {
    for (const column of columns) if (column.type === 'text' || column.type === 'simple-json') column.type = 'longtext';
  }
}
