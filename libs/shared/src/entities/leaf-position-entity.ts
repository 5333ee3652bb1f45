import { Table } from './declared.js';
import { BigInteger, Key, Text } from './columns.js';

/** The only row of its table, id 'origin': up to where the objects beside it are covered. */
@Table('leaf_position')
export class LeafPositionEntity {
  @Key() readonly id!: string;
  @Text() readonly epoch!: string;
  @BigInteger() readonly rev!: number;
  @Text() readonly nonce!: string;
}
