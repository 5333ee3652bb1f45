import { Table } from './declared.js';
import { BigInteger, Key } from './columns.js';

/** The only row of its table, id 'outbox': the last sequence given out. It never goes back. */
@Table('leaf_sequence')
export class LeafSequenceEntity {
  @Key() readonly id!: string;
  @BigInteger() readonly last!: number;
}
