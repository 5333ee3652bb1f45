import type { TemplateVersionRow } from '../stores/rows.js';
import { BigInteger, Int, Json, LongText, Text } from './columns.js';
import { KindEntity, RowEntity } from './row-entity.js';

@KindEntity('templateVersion')
export class TemplateVersionEntity extends RowEntity implements TemplateVersionRow {
  @Text() readonly templateId!: TemplateVersionRow['templateId'];
  @Int() readonly number!: TemplateVersionRow['number'];
  @LongText() readonly job!: TemplateVersionRow['job'];
  @LongText() readonly volumes!: TemplateVersionRow['volumes'];
  @Text() readonly restart!: TemplateVersionRow['restart'];
  @Json() readonly exceptions!: TemplateVersionRow['exceptions'];
  @Text() readonly author!: TemplateVersionRow['author'];
  @Text({ default: '' }) readonly approvedBy!: TemplateVersionRow['approvedBy'];
  @LongText() readonly note!: TemplateVersionRow['note'];
  @BigInteger() readonly createdAt!: TemplateVersionRow['createdAt'];
}
