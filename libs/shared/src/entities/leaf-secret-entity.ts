import { Table } from './declared.js';
import { Bytes, Key } from './columns.js';

/** Part of the leaf's identity: this table never changes its shape, so that any version can read it. */
@Table('leaf_secret')
export class LeafSecretEntity {
  @Key() readonly key!: string;
  @Bytes() readonly sealed!: Uint8Array;
}
