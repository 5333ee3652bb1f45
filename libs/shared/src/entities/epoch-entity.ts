import { Table } from './declared.js';
import { Key, Text } from './columns.js';

/** The only row of its table, id 'epoch': which history this file holds. */
@Table('epoch')
export class EpochEntity {
  @Key() readonly id!: string;
  @Text() readonly value!: string;
  /** Written anew by each opening; told apart from the mark beside the file it shows a file that was put back. */
  @Text() readonly opening!: string;
}
