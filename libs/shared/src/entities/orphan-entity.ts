import type { OrphanRow } from '../stores/rows.js';
import { BigInteger, LongText, Text } from './columns.js';
import { KindEntity, RowEntity } from './row-entity.js';

@KindEntity('orphan')
export class OrphanEntity extends RowEntity implements OrphanRow {
  @Text() readonly spaceId!: OrphanRow['spaceId'];
  @Text() readonly location!: OrphanRow['location'];
  @Text() readonly platform!: OrphanRow['platform'];
  @Text() readonly ownerName!: OrphanRow['ownerName'];
  @Text() readonly name!: OrphanRow['name'];
  @BigInteger() readonly createdAt!: OrphanRow['createdAt'];
  @BigInteger() readonly seenAt!: OrphanRow['seenAt'];
  @LongText() readonly lastKnown!: OrphanRow['lastKnown'];
}
