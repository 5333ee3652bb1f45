import type { TemplateRow } from '../stores/rows.js';
import { BigInteger, Int, Json, LongText, Text } from './columns.js';
import { KindEntity, RowEntity } from './row-entity.js';

@KindEntity('template')
export class TemplateEntity extends RowEntity implements TemplateRow {
  @Text() readonly name!: TemplateRow['name'];
  @LongText() readonly description!: TemplateRow['description'];
  @Text() readonly platform!: TemplateRow['platform'];
  @Int() readonly present!: TemplateRow['present'];
  @Json({ default: '[]' }) readonly groups!: TemplateRow['groups'];
  @Json({ default: '[]' }) readonly locations!: TemplateRow['locations'];
  @Int({ default: 0 }) readonly computeUnits!: TemplateRow['computeUnits'];
  @Int({ default: 0 }) readonly storageUnits!: TemplateRow['storageUnits'];
  @Json({ default: 'null' }) readonly schedule!: TemplateRow['schedule'];
  @Json({ default: '[]' }) readonly ports!: TemplateRow['ports'];
  @BigInteger() readonly createdAt!: TemplateRow['createdAt'];
  @BigInteger() readonly updatedAt!: TemplateRow['updatedAt'];
}
