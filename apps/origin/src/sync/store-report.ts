import { isDeepStrictEqual } from 'node:util';
import { create } from '@bufbuild/protobuf';
import { sync } from '@knot/contract';
import { failpoint } from '@knot/shared';
import { KnotError } from '@knot/shared/errors';
import {
  retrying,
  type Commit,
  type Decision,
  type Expectation,
  type LeaseRow,
  type SpaceObservedRow,
  type SpaceRow,
  type Store,
  type Unique,
  type Write,
} from '@knot/shared/store';
import type { LeafIdentity } from './caller.js';
import { conditionFrom, locationStatusFrom, observedFrom, sameStatus } from './from-wire.js';
import { entryAudit } from './entry-audit.js';
import type { OrphanList } from './orphan-list.js';
import type { UserDeletion } from '../users/user-deletion.js';
import { release, spaceName, volumeName } from '../deeds/unique-name.js';

const MOST = 500;

type Draft = {
  expect: Expectation[];
  unique: Unique[];
  writes: Write[];
  log: NonNullable<Commit['log']>[number][];
  /** Of spaces that are gone. */
  owners: Set<string>;
};

/** Stores what a leaf saw: observed rows only, and the end of what was asked to be deleted. One commit per report. */
export class StoreReport {
  constructor(
    private readonly store: Store,
    private readonly orphans: OrphanList,
    private readonly userDeletion: Pick<UserDeletion, 'finish'>,
  ) {}

  async run(request: sync.ReportStatusRequest, identity: LeafIdentity): Promise<sync.ReportStatusResponse> {
    if (request.spaces.length + request.volumes.length > MOST) {
      throw new KnotError('input.too_large', `A report names more than ${MOST} objects`, 'Send it in parts.');
    }
    await failpoint('origin.report.before-commit');
    const { result: owners } = await retrying(this.store, () => this.decide(request, identity));
    await failpoint('origin.report.after-commit');
    for (const id of owners) await this.userDeletion.finish(id);
    const sequences = [...request.spaces, ...request.volumes].map((status) => status.sequence);
    const persistedSequence = sequences.reduce((most, sequence) => (sequence > most ? sequence : most), 0n);
    return create(sync.ReportStatusResponseSchema, { persistedSequence });
  }

  private async decide(
    request: sync.ReportStatusRequest,
    identity: LeafIdentity,
  ): Promise<Decision<ReadonlySet<string>>> {
    const lease = await this.store.get('lease', identity.location);
    const term = Number(request.term);
    assertTerm(lease, term, identity);
    const now = await this.store.now();
    // A take-over between this look and the commit changes the lease's version: an old term is never stored.
    const expect: Expectation[] = [{ kind: 'lease', id: lease.id, version: lease.version }];
    const draft: Draft = { expect, unique: [], writes: [], log: [], owners: new Set() };
    await this.addSpaces(draft, request, identity, term, now);
    await this.addVolumes(draft, request, identity, term, now);
    if (request.location) await this.addLocation(draft, request.location, identity, term, now);
    const { owners, ...commit } = draft;
    return { commit: commit.writes.length > 0 ? commit : null, result: owners };
  }

  private async addSpaces(
    draft: Draft,
    request: sync.ReportStatusRequest,
    { location }: LeafIdentity,
    term: number,
    now: number,
  ): Promise<void> {
    const ids = request.spaces.map((status) => status.id);
    const [rows, before] = await Promise.all([
      this.store.getMany('space', ids),
      this.store.getMany('spaceObserved', ids),
    ]);
    const rowOf = new Map(rows.map((row) => [row.id, row]));
    const beforeOf = new Map(before.map((row) => [row.id, row]));
    for (const status of request.spaces) {
      const row = rowOf.get(status.id);
      const old = beforeOf.get(status.id) ?? null;
      if (!row || row.location !== location) continue;
      const observed = observedFrom(status);
      if (row.want === 'deleted' && observed.finalized) {
        await this.addDrop(draft, row, old);
        continue;
      }
      const { observedGeneration } = observed;
      const sequence = Number(status.sequence);
      if (!believable(row, old, { observedGeneration, term, sequence })) continue;
      const same = old?.term === term && isDeepStrictEqual(old.observed, observed);
      // Told again because the first answer was lost.
      if (same && old.sequence === sequence) continue;
      draft.expect.push({ kind: 'spaceObserved', id: row.id, version: old?.version ?? 0 });
      draft.writes.push({
        put: 'spaceObserved',
        row: { id: row.id, location, term, observedGeneration, observed, reportedAt: now, sequence },
      });
      // Nobody is woken for what was known; its sequence counts against what was sent before and comes later.
      if (!same) draft.log.push({ stream: 'events', kind: 'spaceObserved', id: row.id, op: 'put' });
    }
  }

  /** Everything of a deleted space is gone: its rows go in the same commit. */
  private async addDrop(draft: Draft, row: SpaceRow, observed: SpaceObservedRow | null): Promise<void> {
    const snapshots = await this.store.page('snapshot', { where: { spaceId: row.id }, limit: MOST });
    draft.expect.push({ kind: 'space', id: row.id, version: row.version });
    draft.owners.add(row.ownerId);
    draft.unique.push(release(spaceName(row), row.id));
    draft.writes.push({ delete: 'space', id: row.id });
    if (observed) draft.writes.push({ delete: 'spaceObserved', id: row.id });
    for (const { id } of snapshots.rows) draft.writes.push({ delete: 'snapshot', id });
    draft.log.push({ stream: `location:${row.location}`, kind: 'space', id: row.id, op: 'delete' });
    draft.log.push({ stream: 'events', kind: 'space', id: row.id, op: 'delete' });
  }

  private async addVolumes(
    draft: Draft,
    request: sync.ReportStatusRequest,
    { location }: LeafIdentity,
    term: number,
    now: number,
  ): Promise<void> {
    const ids = request.volumes.map((status) => status.id);
    const [rows, before] = await Promise.all([
      this.store.getMany('volume', ids),
      this.store.getMany('volumeObserved', ids),
    ]);
    const beforeOf = new Map(before.map((row) => [row.id, row]));
    for (const row of rows.filter((volume) => volume.location === location)) {
      const status = request.volumes.find(({ id }) => id === row.id);
      if (!status) continue;
      const old = beforeOf.get(row.id) ?? null;
      const observedGeneration = Number(status.observedGeneration);
      if (row.want === 'deleted' && status.finalized) {
        draft.expect.push({ kind: 'volume', id: row.id, version: row.version });
        draft.unique.push(release(volumeName(row), row.id));
        draft.writes.push({ delete: 'volume', id: row.id });
        if (old) draft.writes.push({ delete: 'volumeObserved', id: row.id });
        draft.log.push({ stream: `location:${location}`, kind: 'volume', id: row.id, op: 'delete' });
        draft.log.push({ stream: 'events', kind: 'volume', id: row.id, op: 'delete' });
        continue;
      }
      const sequence = Number(status.sequence);
      if (!believable(row, old, { observedGeneration, term, sequence })) continue;
      const conditions = status.conditions.flatMap(conditionFrom);
      const { id } = row;
      draft.expect.push({ kind: 'volumeObserved', id, version: old?.version ?? 0 });
      const { state } = status;
      const fresh = { id, location, term, observedGeneration, state, conditions, reportedAt: now, sequence };
      draft.writes.push({ put: 'volumeObserved', row: fresh });
      draft.log.push({ stream: 'events', kind: 'volumeObserved', id, op: 'put' });
    }
  }

  private async addLocation(
    draft: Draft,
    status: sync.LocationStatus,
    { location }: LeafIdentity,
    term: number,
    now: number,
  ): Promise<void> {
    for (const row of await entryAudit(this.store, location, status.entries)) draft.writes.push({ put: 'audit', row });
    const before = await this.store.get('locationStatus', location);
    // Came late or once more; also its orphans are those of then.
    const { sequence } = status;
    if (sequence > 0n && before?.term === term && sequence <= before.sequence) return;
    const row = locationStatusFrom(location, status, term, now);
    // Two that arrive at once are both newer than what is known: the second to commit looks again.
    draft.expect.push({ kind: 'locationStatus', id: location, version: before?.version ?? 0 });
    draft.writes.push({ put: 'locationStatus', row });
    if (!sameStatus(before, row)) {
      draft.log.push({ stream: 'events', kind: 'locationStatus', id: location, op: 'put' });
    }
    if (status.orphansListed) {
      const writes = await this.orphans.replace(location, status, now);
      if (writes.length === 0) return;
      draft.writes.push(...writes);
      draft.log.push({ stream: 'events', kind: 'orphan', id: location, op: 'put' });
    }
  }
}

function assertTerm(lease: LeaseRow | null, term: number, identity: LeafIdentity): asserts lease is LeaseRow {
  if (lease && lease.term === term && lease.instance === identity.instance) return;
  const message = `This leaf's term ${term} for ${identity.location} is over (it is ${lease?.term ?? 0} now)`;
  throw new KnotError('lease.lost', message, 'It reports again once it holds the lease.');
}

interface Told {
  readonly observedGeneration: number;
  readonly term: number;
  readonly sequence: number;
}

/**
 * A report counts when it is of this history and not older than what is known. Sequences are those of one disk, and a term
 * is of one process: a leaf that lost its disk begins anew in both, and so does every leaf after a restore of the origin.
 */
function believable(row: { readonly generation: number }, old: Told | null, told: Told): boolean {
  if (told.observedGeneration > row.generation) return false;
  if (old === null) return true;
  if (told.observedGeneration < old.observedGeneration) return false;
  return told.term === old.term ? told.sequence >= old.sequence : told.term > old.term;
}
