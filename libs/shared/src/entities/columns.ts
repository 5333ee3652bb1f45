import { Column, PrimaryColumn } from 'typeorm';

/** Longest text of an indexed column, in characters: MySQL can index no more of utf8mb4 beside a second column. */
export const INDEXED_TEXT_LENGTH = 255;

export const Key = (): PropertyDecorator => PrimaryColumn({ type: 'varchar', length: INDEXED_TEXT_LENGTH });

/** `default`: what the rows had that were there before a later migration added the column. */
interface Added<T> {
  readonly default: T;
}

/** A short text that may be indexed. */
export const Text = (added?: Added<string>): PropertyDecorator =>
  Column({ type: 'varchar', length: INDEXED_TEXT_LENGTH, ...added });

/** A text of any length. */
export const LongText = (): PropertyDecorator => Column({ type: 'text' });

export const Int = (added?: Added<number>): PropertyDecorator => Column({ type: 'integer', ...added });

/** Whole numbers up to 2^53: ms since the epoch, revisions. */
export const BigInteger = (added?: Added<number>): PropertyDecorator => Column({ type: 'bigint', ...added });

export const Flag = (): PropertyDecorator => Column({ type: 'boolean' });

/** Nested values; never filtered or sorted by. */
export const Json = (added?: Added<string>): PropertyDecorator => Column({ type: 'simple-json', ...added });

export const Bytes = (): PropertyDecorator => Column({ type: 'blob' });
