import { Table } from './declared.js';
import { Key, NumberKey, Text } from './columns.js';

/** The revision log: keys only, one revision per entry. */
@Table('change_log', { withoutRowid: true })
export class ChangeLogEntity {
  @Key() readonly stream!: string;
  @NumberKey() readonly rev!: number;
  @Text() readonly nonce!: string;
  @Text() readonly kind!: string;
  @Text() readonly id!: string;
  @Text() readonly op!: string;
}
