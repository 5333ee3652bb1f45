import type {
  Commit,
  LocationStatusRow,
  SpaceObservedRow,
  SpaceRow,
  VolumeObservedRow,
  VolumeRow,
} from '@knot/shared/store';
import type { OriginDisk } from '../store/disk.js';
import type { History } from '../world/history.js';
import { RevocationChecks } from './revocation-checks.js';
import { SweepChecks } from './sweep-checks.js';

/** What each commit of the origin must keep: I1, I5, I6, and that no request is done twice. */
export class CommitChecks {
  /** Spaces and volumes whose deletion was ever asked for, in any history, and volumes whose data was to go. */
  readonly deletionAsked = new Set<string>();
  readonly lossAsked = new Set<string>();
  readonly revocations: RevocationChecks;
  private readonly sweeps: SweepChecks;
  private readonly spaces = new Map<string, SpaceRow>();
  private readonly volumes = new Map<string, VolumeRow>();
  private readonly observed = new Map<string, SpaceObservedRow | VolumeObservedRow>();
  private readonly locations = new Map<string, LocationStatusRow>();
  private readonly keys = new Set<string>();
  /** How often an older backup was put back. */
  restores = 0;
  private readonly reported = new Map<string, number>();

  constructor(
    private readonly history: History,
    clock: { monotonic(): number },
    private readonly disk: () => OriginDisk,
  ) {
    this.revocations = new RevocationChecks(history, clock, disk);
    this.sweeps = new SweepChecks(history, disk);
  }

  /** How many restarts of a space any leaf has reported as done. */
  restartsReported(space: string): number {
    return this.reported.get(space) ?? 0;
  }

  committed(commit: Commit, who: string): void {
    this.sweeps.committed(commit, who);
    for (const write of commit.writes) {
      if ('put' in write) this.put(write.put, write.row.id);
      else if (write.delete === 'space') this.dropped(write.id);
      else if (write.delete === 'volume') this.volumeDropped(write.id);
      else if (write.delete === 'spaceObserved' || write.delete === 'volumeObserved') this.observed.delete(write.id);
    }
    const told = commit.writes.map((write) =>
      'put' in write ? `${write.put} ${write.row.id}` : `-${write.delete} ${write.id}`,
    );
    this.history.note(`store by ${who}`, told.filter((text) => !text.startsWith('audit')).join(', '));
  }

  /** An older backup counts from now on; what was asked for since then may have been done. */
  restored(): void {
    const disk = this.disk();
    this.restores++;
    this.spaces.clear();
    this.observed.clear();
    this.volumes.clear();
    this.locations.clear();
    this.keys.clear();
    this.reported.clear();
    this.revocations.restored();
    for (const row of disk.rows('space')) this.spaces.set(row.id, row);
    for (const row of disk.rows('volume')) this.volumes.set(row.id, row);
    for (const row of [...disk.rows('spaceObserved'), ...disk.rows('volumeObserved')]) this.observed.set(row.id, row);
    for (const row of disk.rows('idempotency')) this.keys.add(row.id);
  }

  private put(kind: string, id: string): void {
    if (kind === 'space') this.putSpace(id);
    else if (kind === 'volume') this.putVolume(id);
    else if (kind === 'spaceObserved' || kind === 'volumeObserved') this.putObserved(kind, id);
    else if (kind === 'locationStatus') this.putStatus(id);
    else if (kind === 'location') this.revocations.noteLocation(id);
    else if (kind === 'idempotency') {
      if (this.keys.has(id)) this.history.break('I1', `the request with the key ${id} was carried out twice`);
      this.keys.add(id);
    }
  }

  private putSpace(id: string): void {
    const [row, before] = [this.disk().row('space', id), this.spaces.get(id)];
    if (!row) return;
    if (before && row.generation < before.generation) {
      this.history.break('I1', `the generation of ${id} fell from ${before.generation} to ${row.generation}`);
    }
    if (before && row.restarts > before.restarts + 1) this.history.break('I1', `${id} was restarted twice by one wish`);
    if (before && isChanged(row, before) && row.generation !== before.generation + 1) {
      this.history.break('I1', `${id} was changed from generation ${before.generation} to ${row.generation}`);
    }
    if (before && row.restarts > before.restarts && row.snapshotHash !== before.snapshotHash) {
      this.history.break('I1', `what ${id} was frozen to by its start was lost by a restart`);
    }
    if (row.want === 'deleted') this.deletionAsked.add(id);
    this.spaces.set(id, row);
  }

  private putVolume(id: string): void {
    const [row, before] = [this.disk().row('volume', id), this.volumes.get(id)];
    if (!row) return;
    if (before && row.generation !== before.generation + 1) {
      this.history.break(
        'I1',
        `the volume ${id} was changed from generation ${before.generation} to ${row.generation}`,
      );
    }
    if (before?.want === 'present' && before.definition !== row.definition) {
      this.history.break('I8', `the volume ${id} was defined anew while it was there`);
    }
    if (row.want === 'deleted') this.deletionAsked.add(id);
    if (row.want !== 'present') this.lossAsked.add(id);
    this.volumes.set(id, row);
  }

  private volumeDropped(id: string): void {
    const before = this.volumes.get(id);
    const isUnused = before?.want === 'absent' && before.generation === 1;
    if (before && before.want !== 'deleted' && !isUnused) {
      this.history.break('I6', `the row of the volume ${id} went, though nobody had asked for its deletion`);
    }
    this.deletionAsked.add(id);
    this.volumes.delete(id);
  }

  private putStatus(id: string): void {
    const [row, before] = [this.disk().row('locationStatus', id), this.locations.get(id)];
    if (!row) return;
    this.revocations.reported(id);
    if (before && row.term === before.term && row.sequence <= before.sequence) {
      this.history.break('I5', `what the leaf of ${id} said of itself was stored over what it said later`);
    }
    this.locations.set(id, row);
  }

  private dropped(id: string): void {
    const before = this.spaces.get(id);
    if (before && before.want !== 'deleted' && before.snapshotHash !== '') {
      this.history.break('I6', `the row of ${id} went, though nobody had asked for its deletion`);
    }
    this.deletionAsked.add(id);
    this.spaces.delete(id);
  }

  private putObserved(kind: 'spaceObserved' | 'volumeObserved', id: string): void {
    const disk = this.disk();
    const [row, before] = [disk.row(kind, id), this.observed.get(id)];
    const wished = disk.row('space', id) ?? disk.row('volume', id);
    if (!row) return;
    const lease = disk.row('lease', row.location);
    this.revocations.reported(row.location);
    if (wished && row.observedGeneration > wished.generation) {
      this.history.break('I5', `${id} was observed at ${row.observedGeneration}, and is at ${wished.generation}`);
    }
    if (before && row.observedGeneration < before.observedGeneration) {
      this.history.break('I5', `the observed generation of ${id} fell`);
    }
    if (row.term !== lease?.term) {
      this.history.break('I5', `a report of term ${row.term} was stored in term ${lease?.term ?? 0}`);
    }
    if (before && row.term === before.term && row.sequence < before.sequence) {
      this.history.break('I5', `a report of ${id} was stored over one that was sent after it`);
    }
    this.observed.set(id, row);
    if ('observed' in row) {
      this.reported.set(id, Math.max(row.observed.restartsSatisfied, this.restartsReported(id)));
    }
  }
}

/** Whether something else is wished: each wish is a generation of its own, so that none is written over unseen. */
function isChanged(row: SpaceRow, before: SpaceRow): boolean {
  return row.want !== before.want || row.restarts !== before.restarts || row.snapshotHash !== before.snapshotHash;
}
