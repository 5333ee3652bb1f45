import type { LeaseRow } from '../stores/rows.js';
import { BigInteger, Int, Text } from './columns.js';
import { KindEntity, RowEntity } from './row-entity.js';

@KindEntity('lease')
export class LeaseEntity extends RowEntity implements LeaseRow {
  @Text() readonly holder!: LeaseRow['holder'];
  @Text() readonly instance!: LeaseRow['instance'];
  @Int() readonly term!: LeaseRow['term'];
  @BigInteger() readonly renewedAt!: LeaseRow['renewedAt'];
}
