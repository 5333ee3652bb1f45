import { Table } from './declared.js';
import { Key, Text } from './columns.js';

/** A name that only one id may hold. */
@Table('unique_claim', { withoutRowid: true })
export class UniqueClaimEntity {
  @Key() readonly scope!: string;
  @Key() readonly value!: string;
  @Text() readonly holder!: string;
}
