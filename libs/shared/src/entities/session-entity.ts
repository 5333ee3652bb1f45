import type { SessionRow } from '../stores/people-rows.js';
import { BigInteger, LongText, Text } from './columns.js';
import { KindEntity, RowEntity } from './row-entity.js';

@KindEntity('session')
export class SessionEntity extends RowEntity implements SessionRow {
  @Text() readonly userId!: SessionRow['userId'];
  @BigInteger() readonly createdAt!: SessionRow['createdAt'];
  @BigInteger() readonly expiresAt!: SessionRow['expiresAt'];
  @Text() readonly address!: SessionRow['address'];
  @LongText() readonly userAgent!: SessionRow['userAgent'];
}
