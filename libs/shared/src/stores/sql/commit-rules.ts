import { KnotError } from '../../errors/index.js';
import type { Kind } from '../rows.js';
import type { Commit, Expectation, Write } from '../store.js';

/** What each SQL store checks of a commit, and how it refuses it. */

export interface Subject {
  readonly kind: Kind;
  readonly id: string;
}

export interface ExpectedWrite {
  readonly write: Write;
  readonly subject: Subject;
  /** Undefined where any will do. */
  readonly version: number | undefined;
}

/** The writes with what is expected of their rows, and the expectations about rows that are not written. */
export function expectedWrites(commit: Commit): {
  readonly writes: readonly ExpectedWrite[];
  readonly reads: readonly Expectation[];
} {
  const expected = expectations(commit);
  const written = new Set<string>();
  const writes = commit.writes.map((write) => {
    const subject = subjectOf(write);
    const key = keyOf(subject);
    if (written.has(key)) throw new KnotError('internal', `a commit writes the ${key} twice`);
    written.add(key);
    return { write, subject, version: expected.get(key)?.version };
  });
  return { writes, reads: [...expected].filter(([key]) => !written.has(key)).map(([, expectation]) => expectation) };
}

/** Throws `store.conflict` unless the write did what the expectation of its row allows. */
export function checkChanged({ write, subject, version }: ExpectedWrite, changed: number): void {
  if (version !== undefined && changed !== (version === 0 && !('put' in write) ? 0 : 1)) throw conflict(subject);
}

export function conflict({ kind, id }: Subject): KnotError {
  return new KnotError('store.conflict', `the ${kind} ${id} was changed at the same moment`, 'Try again.', {
    kind,
    id,
  });
}

export function heldByOther(scope: string, value: string): KnotError {
  const message = `the ${scope} "${value}" is held by somebody else by now`;
  return new KnotError('store.conflict', message, 'Try again.', { scope, value });
}

export function taken(scope: string, value: string): KnotError {
  return new KnotError('resource.exists', `the ${scope} "${value}" is taken`, 'Choose another one.', { scope, value });
}

function expectations(commit: Commit): Map<string, Expectation> {
  const expected = new Map<string, Expectation>();
  for (const expectation of commit.expect) {
    const key = keyOf(expectation);
    const other = expected.get(key);
    if (other !== undefined && other.version !== expectation.version) throw conflict(expectation);
    expected.set(key, expectation);
  }
  return expected;
}

function subjectOf(write: Write): Subject {
  return 'put' in write ? { kind: write.put, id: write.row.id } : { kind: write.delete, id: write.id };
}

function keyOf({ kind, id }: Subject): string {
  return `${kind} ${id}`;
}
