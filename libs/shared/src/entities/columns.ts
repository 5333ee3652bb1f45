import { declareColumn } from './declared.js';

/** Longest text of an indexed column, in characters: MySQL can index no more of utf8mb4 beside a second column. */
export const INDEXED_TEXT_LENGTH = 255;

/** `default`: what the rows had that were there before a later migration added the column. */
interface Added<T> {
  readonly default: T;
}

export const Key = (): PropertyDecorator => declareColumn('varchar', { key: true });

export const NumberKey = (): PropertyDecorator => declareColumn('bigint', { key: true });

/** A short text that may be indexed. */
export const Text = (added?: Added<string>): PropertyDecorator => declareColumn('varchar', added);

/** A text of any length. */
export const LongText = (): PropertyDecorator => declareColumn('text');

export const Int = (added?: Added<number>): PropertyDecorator => declareColumn('integer', added);

/** Whole numbers up to 2^53: ms since the epoch, revisions. */
export const BigInteger = (added?: Added<number>): PropertyDecorator => declareColumn('bigint', added);

export const Flag = (): PropertyDecorator => declareColumn('boolean');

/** Nested values; never filtered or sorted by. */
export const Json = (added?: Added<string>): PropertyDecorator => declareColumn('simple-json', added);

export const Bytes = (): PropertyDecorator => declareColumn('blob');
