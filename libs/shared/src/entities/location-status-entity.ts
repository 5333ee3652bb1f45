import type { LocationStatusRow } from '../stores/rows.js';
import { BigInteger, Int, Json, Text } from './columns.js';
import { KindEntity, RowEntity } from './row-entity.js';

@KindEntity('locationStatus')
export class LocationStatusEntity extends RowEntity implements LocationStatusRow {
  @Int() readonly term!: LocationStatusRow['term'];
  @Text() readonly leafVersion!: LocationStatusRow['leafVersion'];
  @Int() readonly protocol!: LocationStatusRow['protocol'];
  @Json() readonly platforms!: LocationStatusRow['platforms'];
  @Json() readonly facts!: LocationStatusRow['facts'];
  @Int() readonly queueDepth!: LocationStatusRow['queueDepth'];
  @Int() readonly spaces!: LocationStatusRow['spaces'];
  @BigInteger() readonly appliedRev!: LocationStatusRow['appliedRev'];
  @BigInteger() readonly reportedAt!: LocationStatusRow['reportedAt'];
  @BigInteger({ default: 0 }) readonly sequence!: LocationStatusRow['sequence'];
}
