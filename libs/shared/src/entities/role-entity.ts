import type { RoleRow } from '../stores/people-rows.js';
import { BigInteger, Json, LongText, Text } from './columns.js';
import { KindEntity, RowEntity } from './row-entity.js';

@KindEntity('role')
export class RoleEntity extends RowEntity implements RoleRow {
  @Text() readonly name!: RoleRow['name'];
  @LongText() readonly description!: RoleRow['description'];
  @Json() readonly permissions!: RoleRow['permissions'];
  @BigInteger() readonly createdAt!: RoleRow['createdAt'];
}
