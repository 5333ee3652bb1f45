import {
  isPutBack,
  newRecord,
  type DesiredSpace,
  type Observation,
  type PutBacks,
  type SpaceRecord,
} from '@knot/domain';

/** A workload that was well this long has got over its endings, ms. */
export const RECOVERED_MS = 5 * 60_000;

/** The record at the start of a run: a new wish begins its deadlines anew, and forgets what failed before. */
export function recordForWish(record: SpaceRecord | null, desired: DesiredSpace, now: number): SpaceRecord {
  const { id, generation, restarts } = desired;
  if (!record) return newRecord(id, generation, now);
  // Less than was satisfied: an older backup of the origin was put back.
  const restartsSatisfied = Math.min(record.restartsSatisfied, restarts);
  if (record.wish.generation === generation) return { ...record, restartsSatisfied };
  return {
    ...record,
    restartsSatisfied,
    wish: { generation, since: now },
    endings: { count: 0, lastAt: 0 },
    stall: null,
  };
}

/** Of a workload that is put back now. */
export function driftsAfter({ drifts }: SpaceRecord, now: number): PutBacks {
  const goesOn = drifts !== undefined && now - drifts.lastAt < RECOVERED_MS;
  return { count: goesOn ? drifts.count + 1 : 1, lastAt: now };
}

/** The record after a look at the backend. `compared`: the look told whether the workload is what was applied. */
export function recordAfterLook(
  record: SpaceRecord,
  desired: DesiredSpace,
  { workload }: Observation,
  compared: boolean,
  now: number,
): SpaceRecord {
  if (workload.state !== 'present') return record;
  let seen = record;
  if (compared && workload.drift === null) seen = { ...seen, verified: workload.revision };
  const current = desired.snapshot !== null && record.appliedHash === desired.snapshot.hash;
  const over = current && workload.health === 'ended' && !isPutBack(desired.snapshot, workload.exitCode);
  if (over) seen = { ...seen, ended: true };
  if (workload.health === 'healthy' && seen.endings.count > 0 && now - seen.endings.lastAt >= RECOVERED_MS) {
    seen = { ...seen, endings: { count: 0, lastAt: 0 } };
  }
  return seen;
}
