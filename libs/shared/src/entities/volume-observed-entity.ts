import type { VolumeObservedRow } from '../stores/rows.js';
import { BigInteger, Int, Json, Text } from './columns.js';
import { KindEntity, RowEntity } from './row-entity.js';

@KindEntity('volumeObserved')
export class VolumeObservedEntity extends RowEntity implements VolumeObservedRow {
  @Text() readonly location!: VolumeObservedRow['location'];
  @Int() readonly term!: VolumeObservedRow['term'];
  @Int() readonly observedGeneration!: VolumeObservedRow['observedGeneration'];
  @Text() readonly state!: VolumeObservedRow['state'];
  @Json() readonly conditions!: VolumeObservedRow['conditions'];
  @BigInteger() readonly reportedAt!: VolumeObservedRow['reportedAt'];
  @BigInteger({ default: 0 }) readonly sequence!: VolumeObservedRow['sequence'];
}
