import type { IdempotencyRow } from '../stores/rows.js';
import { BigInteger, Int, Json, Text } from './columns.js';
import { KindEntity, RowEntity } from './row-entity.js';

@KindEntity('idempotency')
export class IdempotencyEntity extends RowEntity implements IdempotencyRow {
  @Text() readonly requestHash!: IdempotencyRow['requestHash'];
  @Int() readonly status!: IdempotencyRow['status'];
  @Json() readonly response!: IdempotencyRow['response'];
  @BigInteger() readonly createdAt!: IdempotencyRow['createdAt'];
}
