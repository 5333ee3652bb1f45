import type { SpaceRecord } from '@knot/domain';
import { Entity } from 'typeorm';
import { Json, Key } from './columns.js';

@Entity({ name: 'leaf_record' })
export class LeafRecordEntity {
  @Key() readonly id!: string;
  @Json() readonly record!: SpaceRecord;
}
