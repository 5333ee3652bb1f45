import type { Kind } from '../stores/rows.js';
import { INDEXES } from '../stores/store.js';
import { Int, Key } from './columns.js';
import { Table } from './declared.js';

/** What every kind of the main store has. */
export abstract class RowEntity {
  @Key() readonly id!: string;
  @Int() readonly version!: number;
}

/** The table of a kind with one index for each field of `INDEXES`; the id in it gives pages their order. */
export function KindEntity(kind: Kind): ClassDecorator {
  // `templateVersion` is kept in the table `template_version`
  const table = kind.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const indexes = INDEXES[kind].map((field) => ({ name: `${table}_by_${field}`, fields: [field, 'id'] }));
  return Table(table, { indexes });
}
