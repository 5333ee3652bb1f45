import { contentOfSnapshot } from './snapshot-content.js';
import type { SpaceRow, VolumeRow } from '@knot/shared/store';
import type { SimWorld } from '../world/sim-world.js';
import type { Users } from '../world/users.js';
import type { Checks } from './checks.js';

/** I10: what keeps the world from being as it was wished; empty when nothing does. */
export function leftToDo(world: SimWorld, users: Users): readonly string[] {
  const { disk } = world;
  const left: string[] = [];
  if (!users.content) left.push('somebody still waits for an answer');
  const following = world.seats.filter(({ running }) => running?.leaf?.state().stage === 'following');
  for (const location of world.locations) {
    const count = following.filter((seat) => seat.location === location).length;
    if (count !== 1) left.push(`${count} leaves of ${location} follow the origin`);
  }
  for (const row of disk.rows('space')) left.push(...leftOf(world, row));
  for (const row of disk.rows('volume')) left.push(...leftOfVolume(world, row));
  const orphans = new Set(disk.rows('orphan').map(({ spaceId }) => spaceId));
  for (const { platform, backend } of world.sites) {
    for (const { mark } of backend.all()) {
      if (mark && !hasRow(world, mark.space) && !orphans.has(mark.space)) {
        left.push(`${platform} runs ${mark.space}, which has no row and is not listed`);
      }
    }
    for (const [id, { mark }] of backend.volumes) {
      if (mark && !hasRow(world, mark.space) && !orphans.has(mark.space)) {
        left.push(`${platform} holds ${id} of ${mark.space}, which has no row and is not listed`);
      }
    }
  }
  for (const id of orphans) {
    const there = world.sites.some(({ backend }) => hasAny(backend, id));
    if (!there) left.push(`${id} is listed as an orphan, and nothing of it is there`);
    if (hasRow(world, id)) left.push(`${id} is listed as an orphan, and has a row`);
  }
  return left;
}

function leftOf(world: SimWorld, row: SpaceRow): readonly string[] {
  const { disk, sites } = world;
  const { id, want, generation, restarts } = row;
  if (want === 'deleted') return [`${id} is to be deleted, and its row is there`];
  const observed = disk.row('spaceObserved', id);
  if (row.snapshotHash === '') return [];
  const where = `${id} (${want}, generation ${generation})`;
  if (observed?.observedGeneration !== generation)
    return [`${where} was observed at ${observed?.observedGeneration ?? 0}`];
  const workloads = sites.flatMap(({ backend }) => backend.get(id) ?? []);
  if (want === 'stopped') return workloads.length > 0 ? [`${where} is there`] : [];
  const wanted = contentOfSnapshot(world, row);
  // A job that ends by itself is put back for ever, and one that is refused stays as it is.
  if (wanted.includes('fake: ')) return [];
  const [workload] = workloads;
  if (!workload) return [`${where} is not there`];
  const health = sites.map(({ backend }) => backend.healthOf(id)).find((word) => word !== null);
  if (health !== 'healthy') return [`${where} is ${String(health)}`];
  if (workload.content !== wanted)
    return [`${where} runs ${JSON.stringify(workload.content)}, not ${JSON.stringify(wanted)}`];
  const ready = observed.observed.conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
  if (!ready) return [`${where} is not shown as ready`];
  if (observed.observed.restartsSatisfied < restarts) return [`${where} has a restart to come`];
  return [];
}

function leftOfVolume({ disk, sites }: SimWorld, { id, want, generation }: VolumeRow): readonly string[] {
  if (want === 'deleted') return [`the volume ${id} is to be deleted, and its row is there`];
  const observed = disk.row('volumeObserved', id);
  const where = `the volume ${id} (${want}, generation ${generation})`;
  if (observed?.observedGeneration !== generation) {
    return [`${where} was observed at ${observed?.observedGeneration ?? 0}`];
  }
  const isThere = sites.some(({ backend }) => hasAny(backend, id));
  if (isThere !== (want === 'present')) return [`${where} is ${isThere ? '' : 'not '}there`];
  const shown = want === 'present' ? 'ready' : 'absent';
  return observed.state === shown ? [] : [`${where} is shown as ${observed.state}`];
}

function hasRow({ disk }: SimWorld, id: string): boolean {
  return disk.row('space', id) !== null || disk.row('volume', id) !== null;
}

function hasAny(backend: SimWorld['sites'][number]['backend'], id: string): boolean {
  return backend.get(id) !== null || [...backend.volumes.values()].some(({ mark }) => mark?.space === id);
}

/** What a row says after a wish that was acknowledged at its generation. */
const WANTED: ReadonlyMap<string, string> = new Map([
  ['start', 'running'],
  ['restart', 'running'],
  ['stop', 'stopped'],
  ['delete', 'deleted'],
  ['keep-volume', 'present'],
  ['drop-volume', 'absent'],
  ['delete-volume', 'deleted'],
]);

/** What must hold once all is as it should be: I1, I3, I8, I9, I12. */
export function checkEnd(world: SimWorld, users: Users, checks: Checks): void {
  const { disk, history } = world;
  for (const { kind, id, wish, operation, generation, key } of users.acknowledged) {
    const row = disk.row(kind, id);
    if (row && row.generation < generation) history.break('I1', `${key} was acknowledged, and is not there`);
    const wanted = WANTED.get(wish);
    if (row && wanted !== undefined && row.generation === generation && row.want !== wanted) {
      history.break('I1', `${key} was acknowledged, and ${id} is to be ${row.want}, not ${wanted}`);
    }
    if (!row && !checks.commits.deletionAsked.has(id)) history.break('I1', `${id} was acknowledged, and is gone`);
    if (operation !== null && !disk.row('operation', operation)) history.break('I1', `the operation of ${key} is gone`);
  }
  for (const [id, space] of checks.deeds.volumes) {
    const there = world.sites.some(({ backend }) => backend.volumes.has(id));
    const { deletionAsked, lossAsked } = checks.commits;
    if (!there && !deletionAsked.has(space) && !lossAsked.has(space)) history.break('I8', `the volume ${id} is gone`);
  }
  // What was deleted in a history that is gone may be there again, as an orphan.
  if (checks.commits.restores === 0) checkDeleted(world, checks);
  for (const { running } of world.seats) {
    const state = running?.leaf?.state();
    if (!state) continue;
    const { queued, processing } = state.queue;
    const waiting = queued.user + queued.status + queued.drift + queued.resync + processing;
    if (waiting > 2 * state.spaces + 4) history.break('I9', `${waiting} keys are queued for ${state.spaces} spaces`);
  }
}

/**
 * I3: nothing outlives the explicit deletion of its space, but a workload that a leaf parted from its origin puts back where
 * no lock can be had to keep it from it: that has to be listed as an orphan (ADR 0025). A volume is never put back.
 */
function checkDeleted(world: SimWorld, { commits, deeds }: Checks): void {
  const { disk, sites, history } = world;
  const orphans = new Set(disk.rows('orphan').map(({ spaceId }) => spaceId));
  for (const { backend } of sites) {
    const isDeleted = (space: string) => commits.deletionAsked.has(space) && !hasRow(world, space);
    for (const { space } of backend.all().flatMap(({ mark }) => mark ?? [])) {
      if (deeds.putBack.has(space) && orphans.has(space)) continue;
      if (isDeleted(space)) history.break('I3', `${space} outlives its deletion`);
    }
    for (const [id, { mark }] of backend.volumes) {
      if (mark && isDeleted(mark.space)) history.break('I3', `the volume ${id} outlives the deletion of ${mark.space}`);
    }
  }
}

/** I12: what was planted is in no row, no status and no line of the log. */
export function checkSecrets(world: SimWorld, planted: string): void {
  const { disk, history, logLines } = world;
  for (const [kind, rows] of disk.content.rows) {
    for (const [id, row] of rows) {
      if (JSON.stringify(row).includes(planted)) history.break('I12', `the ${kind} ${id} holds a secret`);
    }
  }
  const line = logLines.find((text) => text.includes(planted));
  if (line !== undefined) history.break('I12', `a secret is in the log: ${line}`);
}

/** What it may cost besides that a workload ends by itself each 20 s: it is put back at once for the first five times. */
const PUT_BACK_CALLS = 60;

/** I11: what a quiet location may cost: looks at each space in a minute, with all that goes with them. */
export function checkQuiet(world: SimWorld, before: readonly ReadonlyMap<string, number>[], minutes: number): void {
  world.sites.forEach(({ backend, calls, platform }, index) => {
    for (const [space, count] of calls) {
      const made = count - (before[index]?.get(space) ?? 0);
      const ends = backend.get(space)?.job.exits ? PUT_BACK_CALLS : 0;
      const most = (space === '' ? 60 * world.seats.length : 24) * minutes + ends;
      if (made > most) {
        world.history.break(
          'I11',
          `${made} calls of ${platform} for ${space || 'all locations'} in ${minutes} quiet minutes`,
        );
      }
    }
  });
}
