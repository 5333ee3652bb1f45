import type { UserRow } from '../stores/rows.js';
import { BigInteger, Flag, Int, Text } from './columns.js';
import { KindEntity, RowEntity } from './row-entity.js';

@KindEntity('user')
export class UserEntity extends RowEntity implements UserRow {
  @Text() readonly username!: UserRow['username'];
  @Text() readonly email!: UserRow['email'];
  @Text() readonly passwordHash!: UserRow['passwordHash'];
  @Text() readonly role!: UserRow['role'];
  @Flag() readonly active!: UserRow['active'];
  @Text() readonly timezone!: UserRow['timezone'];
  @Int() readonly maxRunning!: UserRow['maxRunning'];
  @BigInteger() readonly createdAt!: UserRow['createdAt'];
}
