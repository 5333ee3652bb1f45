import type { Commit, Expectation, Unique, Write } from '@knot/shared/store';

/** What the audit keeps of a deed. */
export interface AuditNote {
  readonly action: string;
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly location?: string;
  /** Never a secret. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** What a use case decided: written in one commit with its audit row and its answer to the idempotency key. */
export interface Deed<T> {
  readonly expect: readonly Expectation[];
  readonly unique?: readonly Unique[];
  readonly writes: readonly Write[];
  readonly log?: NonNullable<Commit['log']>;
  readonly audit: AuditNote;
  readonly answer: T;
  /** What a replay answers, where the answer itself holds a secret. */
  readonly replay?: T;
  /** The sentence for a name that somebody else has. */
  readonly taken?: string;
}
