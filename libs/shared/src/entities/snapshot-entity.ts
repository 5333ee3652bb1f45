import type { SnapshotRow } from '../stores/rows.js';
import { BigInteger, LongText, Text } from './columns.js';
import { KindEntity, RowEntity } from './row-entity.js';

@KindEntity('snapshot')
export class SnapshotEntity extends RowEntity implements SnapshotRow {
  @Text() readonly spaceId!: SnapshotRow['spaceId'];
  @LongText() readonly body!: SnapshotRow['body'];
  @BigInteger() readonly createdAt!: SnapshotRow['createdAt'];
}
