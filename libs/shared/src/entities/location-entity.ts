import type { LocationRow } from '../stores/rows.js';
import { BigInteger, Flag, Json, Text } from './columns.js';
import { KindEntity, RowEntity } from './row-entity.js';

@KindEntity('location')
export class LocationEntity extends RowEntity implements LocationRow {
  @Flag() readonly builtIn!: LocationRow['builtIn'];
  @Text() readonly tokenHash!: LocationRow['tokenHash'];
  @Json() readonly instances!: LocationRow['instances'];
  @Json() readonly policy!: LocationRow['policy'];
  @BigInteger() readonly createdAt!: LocationRow['createdAt'];
}
