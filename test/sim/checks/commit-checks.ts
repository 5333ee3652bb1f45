import type { Commit, LocationStatusRow, SpaceObservedRow, SpaceRow } from '@knot/shared/store';
import type { OriginDisk } from '../store/disk.js';
import type { History } from '../world/history.js';

/** What each commit of the origin must keep: I1, I5, I6, and that no request is done twice. */
export class CommitChecks {
  /** Spaces whose deletion was ever asked for, in any history. */
  readonly deletionAsked = new Set<string>();
  /** Spaces that ever had a row. */
  readonly known = new Set<string>();
  private readonly spaces = new Map<string, SpaceRow>();
  private readonly observed = new Map<string, SpaceObservedRow>();
  private location: LocationStatusRow | null = null;
  private readonly keys = new Set<string>();
  /** How often an older backup was put back. */
  restores = 0;
  private readonly reported = new Map<string, number>();

  constructor(
    private readonly history: History,
    private readonly disk: () => OriginDisk,
  ) {}

  /** How many restarts of a space any leaf has reported as done. */
  restartsReported(space: string): number {
    return this.reported.get(space) ?? 0;
  }

  committed(commit: Commit): void {
    for (const write of commit.writes) {
      if ('put' in write) this.put(write.put, write.row.id);
      else if (write.delete === 'space') this.dropped(write.id);
      else if (write.delete === 'spaceObserved') this.observed.delete(write.id);
    }
    const told = commit.writes.map((write) =>
      'put' in write ? `${write.put} ${write.row.id}` : `-${write.delete} ${write.id}`,
    );
    this.history.note('store', told.filter((text) => !text.startsWith('audit')).join(', '));
  }

  /** An older backup counts from now on; what was asked for since then may have been done. */
  restored(): void {
    const disk = this.disk();
    this.restores++;
    this.spaces.clear();
    this.observed.clear();
    this.location = null;
    this.keys.clear();
    for (const row of disk.rows('space')) this.spaces.set(row.id, row);
    for (const row of disk.rows('spaceObserved')) this.observed.set(row.id, row);
    for (const row of disk.rows('idempotency')) this.keys.add(row.id);
  }

  private put(kind: string, id: string): void {
    if (kind === 'space') this.putSpace(id);
    else if (kind === 'spaceObserved') this.putObserved(id);
    else if (kind === 'locationStatus') this.putLocation(id);
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
    this.known.add(id);
    this.spaces.set(id, row);
  }

  private putLocation(id: string): void {
    const [row, before] = [this.disk().row('locationStatus', id), this.location];
    if (!row) return;
    if (before && row.term === before.term && row.sequence <= before.sequence) {
      this.history.break('I5', `what the leaf of ${id} said of itself was stored over what it said later`);
    }
    this.location = row;
  }

  private dropped(id: string): void {
    const before = this.spaces.get(id);
    if (before && before.want !== 'deleted' && before.snapshotHash !== '') {
      this.history.break('I6', `the row of ${id} went, though nobody had asked for its deletion`);
    }
    this.deletionAsked.add(id);
    this.spaces.delete(id);
  }

  private putObserved(id: string): void {
    const disk = this.disk();
    const [row, before, space] = [disk.row('spaceObserved', id), this.observed.get(id), disk.row('space', id)];
    if (!row) return;
    const lease = disk.row('lease', row.location);
    if (space && row.observedGeneration > space.generation) {
      this.history.break('I5', `${id} was observed at ${row.observedGeneration}, and is at ${space.generation}`);
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
    this.reported.set(id, Math.max(row.observed.restartsSatisfied, this.restartsReported(id)));
  }
}

/** Whether something else is wished: each wish is a generation of its own, so that none is written over unseen. */
function isChanged(row: SpaceRow, before: SpaceRow): boolean {
  return row.want !== before.want || row.restarts !== before.restarts || row.snapshotHash !== before.snapshotHash;
}
