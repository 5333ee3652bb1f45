import { Table } from './declared.js';
import { BigInteger, Flag, Key, LongText } from './columns.js';

/** The latest state of each object and, where `pending`, an entry of the outbox. */
@Table('leaf_observed', { indexes: [{ name: 'leaf_observed_by_pending', fields: ['pending', 'sequence'] }] })
export class LeafObservedEntity {
  @Key() readonly kind!: string;
  @Key() readonly id!: string;
  @LongText() readonly payload!: string;
  @BigInteger() readonly sequence!: number;
  @Flag() readonly pending!: boolean;
}
