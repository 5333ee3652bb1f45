import { Entity, PrimaryColumn } from 'typeorm';
import { Key, Text } from './columns.js';

/** The revision log: keys only, one revision per entry. */
@Entity({ name: 'change_log', withoutRowid: true })
export class ChangeLogEntity {
  @Key() readonly stream!: string;
  @PrimaryColumn({ type: 'bigint' }) readonly rev!: number;
  @Text() readonly nonce!: string;
  @Text() readonly kind!: string;
  @Text() readonly id!: string;
  @Text() readonly op!: string;
}
