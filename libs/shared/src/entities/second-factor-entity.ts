import type { SecondFactorRow } from '../stores/people-rows.js';
import { BigInteger, Json, LongText, Text } from './columns.js';
import { KindEntity, RowEntity } from './row-entity.js';

@KindEntity('secondFactor')
export class SecondFactorEntity extends RowEntity implements SecondFactorRow {
  @LongText() readonly secret!: SecondFactorRow['secret'];
  @BigInteger() readonly lastStep!: SecondFactorRow['lastStep'];
  @Json() readonly recovery!: SecondFactorRow['recovery'];
  @Text() readonly linkHash!: SecondFactorRow['linkHash'];
  @BigInteger() readonly linkUntil!: SecondFactorRow['linkUntil'];
}
