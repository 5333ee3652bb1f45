import type { Mark } from '@knot/domain';
import type { ProcessFacts, ProcessTable } from './processes.js';

/** In the environment of every process of a space: what it belongs to, and to which run of it. */
export const MARK_VARIABLE = 'KNOT_MARK';
export const RUN_VARIABLE = 'KNOT_RUN';

/** Unambiguous, since both ends are uuids. */
export function markText({ installation, location, space }: Mark): string {
  return `${installation}/${location}/${space}`;
}

/**
 * Every process of a space's runs up to `upTo`: those that bear the mark, those of their sessions, and their
 * descendants, so that what cleared its environment or made a session of its own is found too. What bears another
 * mark, or a later run's, is left out with all below it.
 */
export function findMembers(table: ProcessTable, mark: string, upTo: number): readonly ProcessFacts[] {
  const all = table.all().filter(({ pid }) => pid !== process.pid);
  const members = new Set<number>();
  const strangers = new Set<number>();
  for (const { pid } of all) {
    const found = table.variable(pid, MARK_VARIABLE);
    if (found === null) continue;
    const ours = found === mark && Number(table.variable(pid, RUN_VARIABLE)) <= upTo;
    (ours ? members : strangers).add(pid);
  }
  if (members.size === 0) return [];
  grow(strangers, all, ({ pid, parent }) => !members.has(pid) && strangers.has(parent));
  // A leader's pid is not used again while its session lives, so a marked leader proves the whole session.
  grow(members, all, ({ pid, parent, session }) => {
    return !strangers.has(pid) && (members.has(parent) || members.has(session));
  });
  return all.filter(({ pid }) => members.has(pid));
}

function grow(set: Set<number>, all: readonly ProcessFacts[], belongs: (one: ProcessFacts) => boolean): void {
  for (let before = -1; before < set.size;) {
    before = set.size;
    for (const one of all) if (belongs(one)) set.add(one.pid);
  }
}

/** The marks of all processes that bear any. */
export function runningMarks(table: ProcessTable): ReadonlySet<string> {
  const marks = table.all().map(({ pid }) => (pid === process.pid ? null : table.variable(pid, MARK_VARIABLE)));
  return new Set(marks.filter((mark) => mark !== null));
}
