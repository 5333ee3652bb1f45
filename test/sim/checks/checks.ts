import type { WorkloadSpec } from '@knot/drivers';
import type { CallFacts } from '@knot/drivers/fake';
import type { Commit, Position } from '@knot/shared/store';
import type { OriginDisk } from '../store/disk.js';
import type { BackendSite } from '../world/backend-site.js';
import type { History } from '../world/history.js';
import type { SimProcess } from '../world/sim-process.js';
import type { ActingLeaf, OpenStream, Witness } from '../world/witness.js';
import { CommitChecks } from './commit-checks.js';
import { DeedChecks } from './deed-checks.js';
import { PositionChecks } from './position-checks.js';

/** All that is checked while a run goes on, at the instant at which it happens. */
export class Checks implements Witness {
  readonly commits: CommitChecks;
  readonly deeds: DeedChecks;
  private readonly positions: PositionChecks;

  constructor(history: History, clock: { monotonic(): number }, disk: () => OriginDisk) {
    this.commits = new CommitChecks(history, clock, disk);
    this.positions = new PositionChecks(history, clock, disk);
    this.deeds = new DeedChecks(history, clock, this.commits, this.positions);
  }

  committed(commit: Commit, who: string): void {
    this.commits.committed(commit, who);
    this.positions.committed(commit);
  }

  restored(): void {
    this.commits.restored();
    this.positions.restored();
    this.deeds.restored();
  }

  applying(leaf: ActingLeaf, site: BackendSite, spec: WorkloadSpec): void {
    this.deeds.applying(leaf, site, spec);
  }

  removing(leaf: ActingLeaf, site: BackendSite, space: string): void {
    this.deeds.removing(leaf, site, space);
  }

  effect<T>(leaf: ActingLeaf, site: BackendSite, facts: CallFacts, effect: () => T): T {
    return this.deeds.effect(leaf, site, facts, effect);
  }

  positionStored(leaf: ActingLeaf, position: Position, relisted: boolean): void {
    this.positions.stored(leaf, position, relisted);
  }

  streamOpened(origin: SimProcess, credential: string): OpenStream {
    return this.commits.revocations.opened(origin, credential);
  }

  streamClosed(stream: OpenStream): void {
    this.commits.revocations.closed(stream);
  }

  /** What has to be looked for, since nothing happens when it is wrong. */
  look(isStoreSlow: boolean): void {
    this.commits.revocations.look(isStoreSlow);
  }
}
