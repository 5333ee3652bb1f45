import type { Kind, Rows } from '../rows.js';

/** The head of a stream of the revision log; its entries are not kept: whoever reads a restored store lists again. */
export interface StreamHead {
  readonly stream: string;
  readonly rev: number;
  readonly nonce: string;
}

export interface Claim {
  readonly scope: string;
  readonly value: string;
  readonly holder: string;
}

/** All that a store held at one moment, read while it goes on; its rows in parts and in no promised order. */
export interface StoreSnapshot {
  readonly heads: readonly StreamHead[];
  rows<K extends Kind>(kind: K): AsyncIterable<readonly Rows[K][]>;
  claims(): AsyncIterable<readonly Claim[]>;
  /** Throws when what was read is not of one moment after all. Called once, whether all was read or not. */
  close(): Promise<void>;
}

/** A store that is filled from elsewhere. Until `finish` nobody can open or use what is there. */
export interface StoreFilling {
  putRows<K extends Kind>(kind: K, rows: readonly Rows[K][]): Promise<void>;
  putClaims(claims: readonly Claim[]): Promise<void>;
  putHeads(heads: readonly StreamHead[]): Promise<void>;
  /** Gives it an epoch of its own: every reader lists again. */
  finish(): Promise<void>;
}
