import type { GuardRow } from '../stores/rows.js';
import { BigInteger } from './columns.js';
import { KindEntity, RowEntity } from './row-entity.js';

@KindEntity('guard')
export class GuardEntity extends RowEntity implements GuardRow {
  @BigInteger() readonly touchedAt!: GuardRow['touchedAt'];
}
