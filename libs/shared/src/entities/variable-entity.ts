import type { VariableRow } from '../stores/rows.js';
import { BigInteger, Flag, Json, LongText, Text } from './columns.js';
import { KindEntity, RowEntity } from './row-entity.js';

@KindEntity('variable')
export class VariableEntity extends RowEntity implements VariableRow {
  @Text() readonly name!: VariableRow['name'];
  @Text() readonly location!: VariableRow['location'];
  @LongText() readonly value!: VariableRow['value'];
  @Flag() readonly protected!: VariableRow['protected'];
  @Flag() readonly restricted!: VariableRow['restricted'];
  @Json({ default: '[]' }) readonly templates!: VariableRow['templates'];
  @BigInteger() readonly updatedAt!: VariableRow['updatedAt'];
}
