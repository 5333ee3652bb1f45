import type { GroupRow } from '../stores/people-rows.js';
import { BigInteger, Int, LongText, Text } from './columns.js';
import { KindEntity, RowEntity } from './row-entity.js';

@KindEntity('group')
export class GroupEntity extends RowEntity implements GroupRow {
  @Text() readonly name!: GroupRow['name'];
  @LongText() readonly description!: GroupRow['description'];
  @Int() readonly maxSpaces!: GroupRow['maxSpaces'];
  @Int() readonly maxRunning!: GroupRow['maxRunning'];
  @Int() readonly computeUnits!: GroupRow['computeUnits'];
  @Int() readonly storageUnits!: GroupRow['storageUnits'];
  @BigInteger() readonly createdAt!: GroupRow['createdAt'];
}
