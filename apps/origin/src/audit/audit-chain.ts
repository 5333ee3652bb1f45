import { createHash } from 'node:crypto';
import type { AuditRow, AuditSealRow } from '@knot/shared/store';

/** Where the chain begins. */
export const NO_SEAL = '';

/** Where the chain stands; kept sealed by the server's key, so that it cannot be made up with the database alone. */
export interface ChainState {
  /** Seals up to this number were forgotten with their entries when their time was over. */
  readonly forgotten: number;
  /** Number of the newest seal; 0 before the first. */
  readonly head: number;
  /** Hash of the newest seal. */
  readonly hash: string;
}

export const EMPTY_CHAIN: ChainState = { forgotten: 0, head: 0, hash: NO_SEAL };

/** The id of a seal sorts as its number. */
export function sealId(number: number): string {
  return String(number).padStart(12, '0');
}

/** One hash over the seal before and everything that the entries say, in the order of their ids. */
export function sealHash(number: number, previous: string, entries: readonly AuditRow[]): string {
  const hash = createHash('sha256').update(JSON.stringify([number, previous, entries.length]));
  for (const entry of [...entries].sort((a, b) => (a.id < b.id ? -1 : 1))) hash.update(`\n${entryText(entry)}`);
  return hash.digest('hex');
}

/** What is wrong with a seal and its entries; null when nothing is. `before` is null where the seal before was forgotten. */
export function sealProblem(seal: AuditSealRow, entries: readonly AuditRow[], before: string | null): string | null {
  const { number, previous, count, hash } = seal;
  if (before !== null && previous !== before) return `Seal ${number} does not follow the one before it.`;
  if (entries.length < count) return `Seal ${number} covers ${count} entries, and ${entries.length} are there.`;
  if (entries.length > count)
    return `Seal ${number} covers ${count} entries, and ${entries.length} say so of themselves.`;
  return sealHash(number, previous, entries) === hash ? null : `An entry of seal ${number}, or the seal, was changed.`;
}

function entryText(entry: AuditRow): string {
  const { id, at, actor, action, subjectKind, subjectId, location, address, outcome, details } = entry;
  return JSON.stringify([id, at, actor, action, subjectKind, subjectId, location, address, outcome, details]);
}
