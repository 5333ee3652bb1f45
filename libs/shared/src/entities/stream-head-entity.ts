import { Table } from './declared.js';
import { BigInteger, Key, Text } from './columns.js';

/** The counter of one stream of the revision log; the row that serializes its commits. */
@Table('stream_head', { withoutRowid: true })
export class StreamHeadEntity {
  @Key() readonly stream!: string;
  @BigInteger() readonly rev!: number;
  @Text() readonly nonce!: string;
  /** The last entry that compaction forgot, 0 and '' before the first: a reader just there is not behind. */
  @BigInteger() readonly compactedRev!: number;
  @Text() readonly compactedNonce!: string;
}
