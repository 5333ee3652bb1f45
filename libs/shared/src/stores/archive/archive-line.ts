import type { Claim, StreamHead } from './store-snapshot.js';

/** Raised when an older knot could not read what is written. */
export const ARCHIVE_FORMAT = 1;

/** A backup is lines of JSON: the head line, the heads of the streams, rows by kind, claims, and what there must be of each. */
export type ArchiveLine =
  | { readonly knot: 'backup'; readonly format: number }
  | { readonly head: StreamHead }
  | { readonly kind: string; readonly row: object }
  | { readonly claim: Claim }
  | { readonly end: { readonly rows: number; readonly claims: number } };

/** How much was written or read so far. */
export interface ArchiveCounts {
  readonly rows: number;
  readonly claims: number;
}
