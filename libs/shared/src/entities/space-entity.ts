import type { SpaceRow } from '../stores/rows.js';
import { BigInteger, Int, Json, LongText, Text } from './columns.js';
import { KindEntity, RowEntity } from './row-entity.js';

@KindEntity('space')
export class SpaceEntity extends RowEntity implements SpaceRow {
  @Text() readonly name!: SpaceRow['name'];
  @LongText() readonly description!: SpaceRow['description'];
  @Text() readonly ownerId!: SpaceRow['ownerId'];
  @Json({ default: '[]' }) readonly sharedWith!: SpaceRow['sharedWith'];
  @Json({ default: '[]' }) readonly portShares!: SpaceRow['portShares'];
  @Json({ default: '[]' }) readonly templatePorts!: SpaceRow['templatePorts'];
  @Text({ default: '' }) readonly shell!: SpaceRow['shell'];
  @Text() readonly location!: SpaceRow['location'];
  @Text() readonly templateId!: SpaceRow['templateId'];
  @Int() readonly templateVersion!: SpaceRow['templateVersion'];
  @Text() readonly want!: SpaceRow['want'];
  @Int() readonly generation!: SpaceRow['generation'];
  @Int() readonly restarts!: SpaceRow['restarts'];
  @Text() readonly snapshotHash!: SpaceRow['snapshotHash'];
  @Int({ default: 0 }) readonly computeUnits!: SpaceRow['computeUnits'];
  @Int({ default: 0 }) readonly storageUnits!: SpaceRow['storageUnits'];
  @Json({ default: 'null' }) readonly schedule!: SpaceRow['schedule'];
  @BigInteger({ default: 0 }) readonly extendedUntil!: SpaceRow['extendedUntil'];
  @LongText() readonly servicePassword!: SpaceRow['servicePassword'];
  @Text() readonly wishedBy!: SpaceRow['wishedBy'];
  @BigInteger() readonly wishedAt!: SpaceRow['wishedAt'];
  @BigInteger() readonly deletionRequestedAt!: SpaceRow['deletionRequestedAt'];
  @BigInteger() readonly createdAt!: SpaceRow['createdAt'];
}
