import type { SpaceObservedRow } from '../stores/rows.js';
import { BigInteger, Int, Json, Text } from './columns.js';
import { KindEntity, RowEntity } from './row-entity.js';

@KindEntity('spaceObserved')
export class SpaceObservedEntity extends RowEntity implements SpaceObservedRow {
  @Text() readonly location!: SpaceObservedRow['location'];
  @Int() readonly term!: SpaceObservedRow['term'];
  @Int() readonly observedGeneration!: SpaceObservedRow['observedGeneration'];
  @Json() readonly observed!: SpaceObservedRow['observed'];
  @BigInteger() readonly reportedAt!: SpaceObservedRow['reportedAt'];
  @BigInteger({ default: 0 }) readonly sequence!: SpaceObservedRow['sequence'];
}
