import type { OriginRow } from '../stores/rows.js';
import { BigInteger, Flag, Text } from './columns.js';
import { KindEntity, RowEntity } from './row-entity.js';

@KindEntity('origin')
export class OriginEntity extends RowEntity implements OriginRow {
  @Text() readonly internalUrl!: OriginRow['internalUrl'];
  @Text({ default: '' }) readonly certificate!: OriginRow['certificate'];
  @Text() readonly location!: OriginRow['location'];
  @Flag() readonly ownKey!: OriginRow['ownKey'];
  @Text() readonly programVersion!: OriginRow['programVersion'];
  @BigInteger() readonly startedAt!: OriginRow['startedAt'];
  @BigInteger() readonly seenAt!: OriginRow['seenAt'];
}
