import type { ThrottleRow } from '../stores/people-rows.js';
import { BigInteger, Int } from './columns.js';
import { KindEntity, RowEntity } from './row-entity.js';

@KindEntity('throttle')
export class ThrottleEntity extends RowEntity implements ThrottleRow {
  @Int() readonly count!: ThrottleRow['count'];
  @BigInteger() readonly since!: ThrottleRow['since'];
}
