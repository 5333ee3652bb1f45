import { Table } from './declared.js';
import { Bytes, Flag, Key } from './columns.js';

@Table('leaf_object')
export class LeafObjectEntity {
  @Key() readonly kind!: string;
  @Key() readonly id!: string;
  @Bytes() readonly sealed!: Uint8Array;
  @Flag() readonly listed!: boolean;
}
