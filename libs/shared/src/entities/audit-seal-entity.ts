import type { AuditSealRow } from '../stores/rows.js';
import { BigInteger, Int, Text } from './columns.js';
import { KindEntity, RowEntity } from './row-entity.js';

@KindEntity('auditSeal')
export class AuditSealEntity extends RowEntity implements AuditSealRow {
  @Int() readonly number!: AuditSealRow['number'];
  @Text() readonly previous!: AuditSealRow['previous'];
  @Text() readonly hash!: AuditSealRow['hash'];
  @Int() readonly count!: AuditSealRow['count'];
  @BigInteger() readonly newestAt!: AuditSealRow['newestAt'];
  @BigInteger() readonly sealedAt!: AuditSealRow['sealedAt'];
}
