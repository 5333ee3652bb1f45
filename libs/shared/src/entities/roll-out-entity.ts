import type { RollOutRow } from '../stores/roll-out-rows.js';
import { BigInteger, Int, Json, LongText, Text } from './columns.js';
import { KindEntity, RowEntity } from './row-entity.js';

@KindEntity('rollOut')
export class RollOutEntity extends RowEntity implements RollOutRow {
  @Text() readonly templateId!: RollOutRow['templateId'];
  @Int() readonly number!: RollOutRow['number'];
  @Int() readonly before!: RollOutRow['before'];
  @Text() readonly state!: RollOutRow['state'];
  @LongText() readonly reason!: RollOutRow['reason'];
  @Text() readonly moment!: RollOutRow['moment'];
  @Text() readonly actorId!: RollOutRow['actorId'];
  @Text() readonly actor!: RollOutRow['actor'];
  @Text() readonly address!: RollOutRow['address'];
  @Json() readonly stages!: RollOutRow['stages'];
  @Int() readonly stage!: RollOutRow['stage'];
  @Int() readonly atOnce!: RollOutRow['atOnce'];
  @Int() readonly failureLimit!: RollOutRow['failureLimit'];
  @Int() readonly forgiven!: RollOutRow['forgiven'];
  @BigInteger() readonly patienceMs!: RollOutRow['patienceMs'];
  @BigInteger() readonly createdAt!: RollOutRow['createdAt'];
  @BigInteger() readonly updatedAt!: RollOutRow['updatedAt'];
}
