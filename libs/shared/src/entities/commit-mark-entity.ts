import { Table } from './declared.js';
import { BigInteger, Key } from './columns.js';

/**
 * MySQL only: names a commit that wrote nothing to the revision log, so that it can be found out whether it happened
 * when the answer to its COMMIT was lost. Forgotten with the next one.
 */
@Table('commit_mark')
export class CommitMarkEntity {
  @Key() readonly id!: string;
  /** By the database's clock. */
  @BigInteger() readonly at!: number;
}
