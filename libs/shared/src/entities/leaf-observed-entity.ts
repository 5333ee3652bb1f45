import { Entity, Index } from 'typeorm';
import { BigInteger, Flag, Key, LongText } from './columns.js';

/** The latest state of each object and, where `pending`, an entry of the outbox. */
@Entity({ name: 'leaf_observed' })
@Index('leaf_observed_by_pending', ['pending', 'sequence'])
export class LeafObservedEntity {
  @Key() readonly kind!: string;
  @Key() readonly id!: string;
  @LongText() readonly payload!: string;
  @BigInteger() readonly sequence!: number;
  @Flag() readonly pending!: boolean;
}
