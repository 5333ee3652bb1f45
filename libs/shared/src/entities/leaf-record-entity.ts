import type { SpaceRecord } from '@knot/domain';
import { Table } from './declared.js';
import { Json, Key } from './columns.js';

@Table('leaf_record')
export class LeafRecordEntity {
  @Key() readonly id!: string;
  @Json() readonly record!: SpaceRecord;
}
