import type { OperationRow } from '../stores/rows.js';
import { BigInteger, Int, Text } from './columns.js';
import { KindEntity, RowEntity } from './row-entity.js';

@KindEntity('operation')
export class OperationEntity extends RowEntity implements OperationRow {
  @Text() readonly kind!: OperationRow['kind'];
  @Text() readonly subjectKind!: OperationRow['subjectKind'];
  @Text() readonly subjectId!: OperationRow['subjectId'];
  @Int() readonly generation!: OperationRow['generation'];
  @Text() readonly actorId!: OperationRow['actorId'];
  @BigInteger() readonly createdAt!: OperationRow['createdAt'];
}
