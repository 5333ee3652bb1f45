import { createLogger, KeyRing, type Logger } from '@knot/shared';
import { SnapshotVault } from '../../../apps/origin/src/spaces/snapshot-vault.js';
import type { CommitFault } from '../store/memory-store.js';
import { OriginDisk, type DiskContent } from '../store/disk.js';
import { LeafDisk } from '../store/memory-leaf-store.js';
import { BackendSite } from './backend-site.js';
import type { Checks } from '../checks/checks.js';
import { Chance } from './chance.js';
import type { History } from './history.js';
import { Link } from './link.js';
import { furnish } from './people.js';
import { SimClock } from './sim-clock.js';
import { SimLeaf } from './sim-leaf.js';
import { SimOrigin } from './sim-origin.js';
import { SimProcess } from './sim-process.js';
import { PLATFORMS_OF_SITES } from './templates.js';

/** One leaf's place: its disk and network stay while its processes come and go. */
export interface LeafSeat {
  readonly number: number;
  disk: LeafDisk;
  readonly link: Link;
  full: boolean;
  wallAhead: number;
  running: SimLeaf | null;
  /** Raised by each start and stop, so that a late restart of an earlier crash does nothing. */
  turn: number;
}

export interface WorldOptions {
  readonly seed: string;
  readonly leaves: number;
  readonly standby: boolean;
}

/** How often a copy of the origin's disk is taken, ms. */
const BACKUP_MS = 5_000;
/** When whatever keeps an origin running starts one again that has ended by itself, ms. */
const RESTART_MS = 1_000;

/** One origin, the leaves of one location, two orchestrators: all the real code, on a clock of its own. */
export class SimWorld {
  readonly clock = new SimClock();
  readonly disk = new OriginDisk();
  readonly sites: readonly BackendSite[];
  readonly seats: readonly LeafSeat[];
  readonly logLines: string[] = [];
  origin: SimOrigin | null = null;
  originAhead = 0;
  storeFault: { readonly kind: CommitFault; readonly probability: number } | null = null;
  readonly backups: { readonly at: number; readonly content: DiskContent }[] = [];
  private readonly chance: Chance;
  private readonly logger: Logger;
  private readonly key: Uint8Array;
  /** Opens what the origin has sealed, for whoever checks. */
  readonly vault: SnapshotVault;
  private processes = 0;

  constructor(
    private readonly options: WorldOptions,
    readonly history: History,
    private readonly checks: Checks,
  ) {
    this.chance = new Chance(`world/${options.seed}`);
    this.key = this.chance.bytes(32);
    this.vault = new SnapshotVault(new KeyRing([this.key], this.chance.fork('vault').bytes));
    this.logger = createLogger({
      level: 'info',
      name: 'sim',
      destination: { write: (line) => void this.logLines.push(line) },
    });
    this.sites = PLATFORMS_OF_SITES.map(
      (platform) => new BackendSite(this.clock, platform, this.chance.fork(`site/${platform}`)),
    );
    this.seats = Array.from({ length: options.leaves }, (_, number) => ({
      number,
      disk: new LeafDisk(),
      link: new Link(this.chance.fork(`link/${number}`)),
      full: false,
      wallAhead: 0,
      running: null,
      turn: 0,
    }));
  }

  async open(): Promise<void> {
    const { origin, ready } = this.startOrigin();
    await this.until(ready.then(() => furnish(origin)));
    for (const seat of this.seats) this.startLeaf(seat);
    this.takeBackups();
  }

  startOrigin(): { readonly origin: SimOrigin; readonly ready: Promise<void> } {
    const name = `origin-${++this.processes}`;
    const process = new SimProcess(this.clock, name, () => this.history.note(name, 'crashes at a call'));
    process.wallAhead = this.originAhead;
    const chance = this.chance.fork(name);
    const origin = new SimOrigin({
      clock: this.clock,
      process,
      disk: this.disk,
      chance,
      logger: this.logger,
      key: this.key,
      fault: () => (this.storeFault && chance.hits(this.storeFault.probability) ? this.storeFault.kind : null),
      onWritten: (commit) => this.checks.committed(commit),
    });
    this.history.note(name, 'starts');
    this.origin = origin;
    const ready = origin.started();
    ready.catch((error: unknown) => {
      this.history.note(name, `does not start: ${String(error)}`);
      process.kill();
      this.after(RESTART_MS, () => {
        if (this.origin === origin) this.startOrigin();
      });
    });
    return { origin, ready };
  }

  stopOrigin(): void {
    this.origin?.process.kill();
    this.origin = null;
  }

  startLeaf(seat: LeafSeat): void {
    if (seat.running?.process.alive) return;
    seat.turn++;
    const name = `leaf-${seat.number}-${++this.processes}`;
    const process = new SimProcess(this.clock, name, () => this.history.note(name, 'crashes at a call'));
    process.wallAhead = seat.wallAhead;
    const leaf = new SimLeaf({
      clock: this.clock,
      process,
      disk: seat.disk,
      isDiskFull: () => seat.full,
      link: seat.link,
      origin: () => (this.origin?.serves ? this.origin : null),
      sites: this.sites,
      chance: this.chance.fork(name),
      logger: this.logger.child({ process: name }),
      witness: this.checks,
      standby: this.options.standby,
    });
    this.history.note(name, 'starts');
    seat.running = leaf;
    void process.gate(leaf.start()).catch((error: unknown) => {
      this.history.note(name, `does not start: ${String(error)}`);
      process.kill();
    });
  }

  /** As kill -9 does. */
  killLeaf(seat: LeafSeat): void {
    seat.turn++;
    seat.running?.process.kill();
    seat.link.reset();
  }

  /** As SIGTERM does. */
  stopLeaf(seat: LeafSeat): void {
    const { running } = seat;
    seat.turn++;
    if (!running?.process.alive) return;
    const { process } = running;
    void (running.leaf?.stop() ?? Promise.resolve()).finally(() => process.kill());
  }

  after(ms: number, work: () => void): void {
    this.clock.setTimeout(work, ms);
  }

  /** Lets time pass until the promise is settled. */
  async until(promise: Promise<unknown>): Promise<void> {
    let settled = false;
    const watched = promise.finally(() => (settled = true));
    watched.catch(() => undefined);
    await this.clock.run(this.clock.monotonic() + 60_000, () => settled);
    await watched;
  }

  private takeBackups(): void {
    this.backups.push({ at: this.clock.monotonic(), content: this.disk.content });
    this.after(BACKUP_MS, () => this.takeBackups());
  }
}
