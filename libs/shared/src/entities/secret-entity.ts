import type { SecretRow } from '../stores/rows.js';
import { LongText } from './columns.js';
import { KindEntity, RowEntity } from './row-entity.js';

@KindEntity('secret')
export class SecretEntity extends RowEntity implements SecretRow {
  @LongText() readonly value!: SecretRow['value'];
}
