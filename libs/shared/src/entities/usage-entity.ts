import type { UsageRow } from '../stores/usage-row.js';
import { BigInteger, Json, Text } from './columns.js';
import { KindEntity, RowEntity } from './row-entity.js';

@KindEntity('usage')
export class UsageEntity extends RowEntity implements UsageRow {
  @Text() readonly subject!: UsageRow['subject'];
  @Text() readonly bucket!: UsageRow['bucket'];
  @BigInteger() readonly since!: UsageRow['since'];
  @Json() readonly peaks!: UsageRow['peaks'];
  @BigInteger() readonly keptUntil!: UsageRow['keptUntil'];
}
