import { KnotError } from '../../errors/index.js';
import type { Kind } from '../rows.js';
import type { Commit, Expectation } from '../store.js';
import type { RowCodecs } from './row-codec.js';

export interface CommitPlan {
  /** What the script reads as its first argument. */
  readonly plan: string;
  /** The rows that are put, in the order in which the plan names them. */
  readonly rows: readonly string[];
}

export interface CommitIdentity {
  /** By it an answer that was lost is found again. */
  readonly id: string;
  readonly nonce: string;
  /** Names the process that wrote to those that are woken. */
  readonly writer: string;
}

/** A commit as the script takes it. Throws `store.conflict` and `internal` for one that contradicts itself. */
export function planCommit(commit: Commit, codecs: RowCodecs, { id, nonce, writer }: CommitIdentity): CommitPlan {
  const rows: string[] = [];
  const written = new Set<string>();
  const writes = commit.writes.map((write) => {
    const subject = 'put' in write ? { kind: write.put, id: write.row.id } : { kind: write.delete, id: write.id };
    const key = `${subject.kind} ${subject.id}`;
    if (written.has(key)) throw new KnotError('internal', `a commit writes the ${subject.kind} ${subject.id} twice`);
    written.add(key);
    if (!('put' in write)) return [subject.kind, subject.id, false];
    const codec = codecs[write.put];
    rows.push(codec.encode(write.row));
    // The plan itself is the first argument.
    return [subject.kind, subject.id, JSON.stringify(codec.header(write.row)), rows.length + 1];
  });
  const uniques = commit.unique ?? [];
  const byStream = Map.groupBy(commit.log ?? [], (entry) => entry.stream);
  const streams = [...byStream.keys()];
  const plan = JSON.stringify({
    id,
    nonce,
    wake: JSON.stringify([writer, ...streams]),
    expect: expectations(commit.expect),
    // Releases come first, so that two ids may swap a name in one commit.
    releases: uniques.flatMap((one) => ('release' in one ? [[one.release, one.value, one.id]] : [])),
    claims: uniques.flatMap((one) => ('claim' in one ? [[one.claim, one.value, one.id]] : [])),
    writes,
    log: [...byStream].map(([stream, entries]) => [stream, entries.map((entry) => [entry.kind, entry.id, entry.op])]),
  });
  return { plan, rows };
}

function expectations(expect: readonly Expectation[]): [Kind, string, number][] {
  const versions = new Map<string, Expectation>();
  for (const one of expect) {
    const key = `${one.kind} ${one.id}`;
    const other = versions.get(key);
    if (other !== undefined && other.version !== one.version) throw changedMeanwhile(one.kind, one.id);
    versions.set(key, one);
  }
  return [...versions.values()].map(({ kind, id, version }) => [kind, id, version]);
}

/** The error of a commit that the script refused; `about` is what it named. */
export function refusalOf(outcome: string, about: readonly string[]): KnotError {
  const [first = '', second = ''] = about;
  const details = { scope: first, value: second };
  switch (outcome) {
    case 'conflict':
      return changedMeanwhile(first, second);
    case 'held':
      return new KnotError(
        'store.conflict',
        `the ${first} "${second}" is held by somebody else by now`,
        'Try again.',
        details,
      );
    case 'exists':
      return new KnotError('resource.exists', `the ${first} "${second}" is taken`, 'Choose another one.', details);
    default:
      return dataGone();
  }
}

export function dataGone(): KnotError {
  return new KnotError(
    'store.unavailable',
    'Redis no longer holds the data of this installation',
    'It was emptied, or another one answers at this address: put a backup back with `knot admin restore`.',
  );
}

function changedMeanwhile(kind: string, id: string): KnotError {
  const details = { kind, id };
  return new KnotError('store.conflict', `the ${kind} ${id} was changed at the same moment`, 'Try again.', details);
}
