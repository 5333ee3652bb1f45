import type { RollOutSpaceRow } from '../stores/roll-out-rows.js';
import { BigInteger, Int, LongText, Text } from './columns.js';
import { KindEntity, RowEntity } from './row-entity.js';

@KindEntity('rollOutSpace')
export class RollOutSpaceEntity extends RowEntity implements RollOutSpaceRow {
  @Text() readonly rollOutId!: RollOutSpaceRow['rollOutId'];
  @Text() readonly spaceId!: RollOutSpaceRow['spaceId'];
  @Text() readonly name!: RollOutSpaceRow['name'];
  @Text() readonly owner!: RollOutSpaceRow['owner'];
  @Text() readonly location!: RollOutSpaceRow['location'];
  @Int() readonly before!: RollOutSpaceRow['before'];
  @Int() readonly stage!: RollOutSpaceRow['stage'];
  @Text() readonly state!: RollOutSpaceRow['state'];
  @LongText() readonly message!: RollOutSpaceRow['message'];
  @LongText() readonly hint!: RollOutSpaceRow['hint'];
  @Text() readonly operationId!: RollOutSpaceRow['operationId'];
  @BigInteger() readonly since!: RollOutSpaceRow['since'];
}
