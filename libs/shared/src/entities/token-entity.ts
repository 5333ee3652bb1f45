import type { TokenRow } from '../stores/people-rows.js';
import { BigInteger, Json, Text } from './columns.js';
import { KindEntity, RowEntity } from './row-entity.js';

@KindEntity('token')
export class TokenEntity extends RowEntity implements TokenRow {
  @Text() readonly userId!: TokenRow['userId'];
  @Text() readonly name!: TokenRow['name'];
  @Text() readonly secretHash!: TokenRow['secretHash'];
  @Json() readonly scopes!: TokenRow['scopes'];
  @BigInteger() readonly createdAt!: TokenRow['createdAt'];
  @BigInteger() readonly expiresAt!: TokenRow['expiresAt'];
  @BigInteger() readonly lastUsedAt!: TokenRow['lastUsedAt'];
}
