import type { OfferRow } from '../stores/people-rows.js';
import { BigInteger, Text } from './columns.js';
import { KindEntity, RowEntity } from './row-entity.js';

@KindEntity('offer')
export class OfferEntity extends RowEntity implements OfferRow {
  @Text() readonly deed!: OfferRow['deed'];
  @Text() readonly spaceId!: OfferRow['spaceId'];
  @Text() readonly userId!: OfferRow['userId'];
  @Text() readonly fromId!: OfferRow['fromId'];
  @Text() readonly state!: OfferRow['state'];
  @BigInteger() readonly createdAt!: OfferRow['createdAt'];
}
