import { Entity, Index } from 'typeorm';
import type { Kind } from '../stores/rows.js';
import { INDEXES } from '../stores/store.js';
import { Int, Key } from './columns.js';

/** What every kind of the main store has. */
export abstract class RowEntity {
  @Key() readonly id!: string;
  @Int() readonly version!: number;
}

/** `templateVersion` is kept in the table `template_version`. */
export function tableOf(kind: Kind): string {
  return kind.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The table of a kind with one index for each field of `INDEXES`; the id in it gives pages their order. */
export function KindEntity(kind: Kind): ClassDecorator {
  return (target) => {
    const table = tableOf(kind);
    Entity({ name: table })(target);
    for (const field of INDEXES[kind]) Index(`${table}_by_${field}`, [field, 'id'])(target);
  };
}
