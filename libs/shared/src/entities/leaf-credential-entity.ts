import type { LeafCredentialRow } from '../stores/rows.js';
import { BigInteger, Text } from './columns.js';
import { KindEntity, RowEntity } from './row-entity.js';

@KindEntity('leafCredential')
export class LeafCredentialEntity extends RowEntity implements LeafCredentialRow {
  @Text() readonly location!: LeafCredentialRow['location'];
  @Text() readonly instance!: LeafCredentialRow['instance'];
  @Text() readonly secretHash!: LeafCredentialRow['secretHash'];
  @BigInteger() readonly createdAt!: LeafCredentialRow['createdAt'];
  @BigInteger() readonly expiresAt!: LeafCredentialRow['expiresAt'];
  @BigInteger() readonly revokedAt!: LeafCredentialRow['revokedAt'];
}
