import type { VolumeRow } from '../stores/rows.js';
import { BigInteger, Int, LongText, Text } from './columns.js';
import { KindEntity, RowEntity } from './row-entity.js';

@KindEntity('volume')
export class VolumeEntity extends RowEntity implements VolumeRow {
  @Text() readonly name!: VolumeRow['name'];
  @Text() readonly platform!: VolumeRow['platform'];
  @Text() readonly location!: VolumeRow['location'];
  @LongText() readonly definition!: VolumeRow['definition'];
  @Text() readonly want!: VolumeRow['want'];
  @Int() readonly generation!: VolumeRow['generation'];
  @BigInteger() readonly createdAt!: VolumeRow['createdAt'];
}
