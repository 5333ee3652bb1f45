import type { AuditRow } from '../stores/rows.js';
import { BigInteger, Int, Json, Text } from './columns.js';
import { KindEntity, RowEntity } from './row-entity.js';

@KindEntity('audit')
export class AuditEntity extends RowEntity implements AuditRow {
  @BigInteger() readonly at!: AuditRow['at'];
  @Text() readonly actor!: AuditRow['actor'];
  @Text() readonly action!: AuditRow['action'];
  @Text() readonly subjectKind!: AuditRow['subjectKind'];
  @Text() readonly subjectId!: AuditRow['subjectId'];
  @Text() readonly location!: AuditRow['location'];
  @Text() readonly address!: AuditRow['address'];
  @Text() readonly outcome!: AuditRow['outcome'];
  @Json() readonly details!: AuditRow['details'];
  @Int({ default: 0 }) readonly seal!: AuditRow['seal'];
}
