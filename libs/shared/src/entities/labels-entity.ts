import type { LabelsRow } from '../stores/labels-row.js';
import { Json, Text } from './columns.js';
import { KindEntity, RowEntity } from './row-entity.js';

@KindEntity('labels')
export class LabelsEntity extends RowEntity implements LabelsRow {
  @Text() readonly kind!: LabelsRow['kind'];
  @Text() readonly subjectId!: LabelsRow['subjectId'];
  @Json() readonly labels!: LabelsRow['labels'];
}
