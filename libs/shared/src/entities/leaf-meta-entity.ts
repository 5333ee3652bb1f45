import { Table } from './declared.js';
import { Key, LongText } from './columns.js';

/** Part of the leaf's identity: this table never changes its shape, so that any version can read it. */
@Table('leaf_meta')
export class LeafMetaEntity {
  @Key() readonly key!: string;
  @LongText() readonly value!: string;
}
