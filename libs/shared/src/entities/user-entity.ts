import type { UserRow } from '../stores/people-rows.js';
import { BigInteger, Flag, Int, Json, Text } from './columns.js';
import { KindEntity, RowEntity } from './row-entity.js';

@KindEntity('user')
export class UserEntity extends RowEntity implements UserRow {
  @Text() readonly username!: UserRow['username'];
  @Text() readonly email!: UserRow['email'];
  @Text() readonly passwordHash!: UserRow['passwordHash'];
  @Text({ default: '' }) readonly subject!: UserRow['subject'];
  @Text() readonly role!: UserRow['role'];
  @Json({ default: '["user"]' }) readonly roles!: UserRow['roles'];
  @Json({ default: '[]' }) readonly groups!: UserRow['groups'];
  @Flag() readonly active!: UserRow['active'];
  @Json({ default: '[]' }) readonly sshKeys!: UserRow['sshKeys'];
  @Text() readonly timezone!: UserRow['timezone'];
  @Int({ default: 0 }) readonly maxSpaces!: UserRow['maxSpaces'];
  @Int() readonly maxRunning!: UserRow['maxRunning'];
  @Int({ default: 0 }) readonly computeUnits!: UserRow['computeUnits'];
  @Int({ default: 0 }) readonly storageUnits!: UserRow['storageUnits'];
  @BigInteger({ default: 0 }) readonly deletionRequestedAt!: UserRow['deletionRequestedAt'];
  @BigInteger() readonly createdAt!: UserRow['createdAt'];
}
