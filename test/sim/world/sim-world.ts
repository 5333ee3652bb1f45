import { createLogger, KeyRing, type Logger } from '@knot/shared';
import { SnapshotVault } from '../../../apps/origin/src/spaces/snapshot-vault.js';
import type { CommitFault } from '../store/memory-store.js';
import { OriginDisk, type DiskContent } from '../store/disk.js';
import type { StreamName } from '@knot/shared/store';
import { LeafDisk } from '../store/memory-leaf-store.js';
import { BackendSite } from './backend-site.js';
import type { Checks } from '../checks/checks.js';
import { Chance } from './chance.js';
import type { History } from './history.js';
import { Link } from './link.js';
import { furnish, LOCATION_TOKEN, locationName } from './people.js';
import { SimClock } from './sim-clock.js';
import { SimLeaf } from './sim-leaf.js';
import { SHARED_TOKEN, SimOrigin, type ServingOrigin } from './sim-origin.js';
import { SimProcess } from './sim-process.js';
import { PLATFORMS_OF_SITES } from './templates.js';

/** One leaf's place: its disk and network stay while its processes come and go. */
export interface LeafSeat {
  readonly number: number;
  readonly location: string;
  /** What its configuration holds; read at its next start. */
  token: string;
  disk: LeafDisk;
  readonly link: Link;
  full: boolean;
  wallAhead: number;
  running: SimLeaf | null;
  /** Raised by each start and stop, so that a late restart of an earlier crash does nothing. */
  turn: number;
}

/** One origin's place. */
export interface OriginSeat {
  readonly number: number;
  wallAhead: number;
  /** Nobody tells it what the others commit. */
  deaf: boolean;
  running: SimOrigin | null;
}

export interface WorldOptions {
  readonly seed: string;
  readonly leaves: number;
  readonly others: number;
  readonly origins: number;
  readonly standby: boolean;
  /** Whether copies of the database are kept, so that an older one can be put back. */
  readonly backups: boolean;
}

/** How often a copy of the origin's disk is taken, ms. */
const BACKUP_MS = 5_000;
/** When whatever keeps an origin running starts one again that has ended by itself, ms. */
const RESTART_MS = 1_000;

/** How long word of a commit takes to the other origins, ms. */
const WORD_MS = [1, 5] as const;

/** Origins over one database, leaves of some locations, two orchestrators: all the real code, on a clock of its own. */
export class SimWorld {
  readonly clock = new SimClock();
  readonly disk = new OriginDisk();
  readonly sites: readonly BackendSite[];
  readonly seats: readonly LeafSeat[];
  readonly logLines: string[] = [];
  readonly originSeats: readonly OriginSeat[];
  readonly locations: readonly string[];
  databaseAhead = 0;
  /** How much longer than usual the database takes at most, ms. */
  slowMs = 0;
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
    const { leaves, others, origins } = options;
    this.locations = Array.from({ length: 1 + others }, (_, number) => locationName(number));
    this.originSeats = Array.from({ length: origins }, (_, number) => ({
      ...{ number, wallAhead: 0, deaf: false, running: null },
    }));
    this.seats = Array.from({ length: leaves + others }, (_, number) => ({
      number,
      location: locationName(Math.max(0, number - leaves + 1)),
      token: number < leaves ? LOCATION_TOKEN : SHARED_TOKEN,
      disk: new LeafDisk(),
      link: new Link(this.chance.fork(`link/${number}`)),
      full: false,
      wallAhead: 0,
      running: null,
      turn: 0,
    }));
  }

  async open(): Promise<void> {
    const begun = this.originSeats.map((seat) => this.startOrigin(seat));
    await this.until(Promise.all(begun.map(({ ready }) => ready)));
    const [first] = begun;
    if (first) await this.until(furnish(first.origin, this.locations.slice(0, 1)));
    for (const seat of this.seats) this.startLeaf(seat);
    if (this.options.backups) this.takeBackups();
  }

  /** Those that serve at present. */
  readonly serving = (): readonly ServingOrigin[] => {
    return this.originSeats.flatMap(({ number, running }) => (running?.serves ? [{ number, origin: running }] : []));
  };

  startOrigin(seat: OriginSeat): { readonly origin: SimOrigin; readonly ready: Promise<void> } {
    const name = `origin-${seat.number}-${++this.processes}`;
    const process = new SimProcess(this.clock, name, () => this.history.note(name, 'crashes at a call'));
    process.wallAhead = seat.wallAhead;
    const chance = this.chance.fork(name);
    const isOneOfMany = this.originSeats.length > 1;
    const origin = new SimOrigin({
      clock: this.clock,
      process,
      disk: this.disk,
      chance,
      logger: this.logger,
      key: this.key,
      databaseClock: isOneOfMany ? { now: () => this.clock.now() + this.databaseAhead } : null,
      slowMs: () => this.slowMs,
      fault: () => (this.storeFault && chance.hits(this.storeFault.probability) ? this.storeFault.kind : null),
      onWritten: (commit, streams) => {
        this.checks.committed(commit, name);
        if (isOneOfMany && streams.length > 0) this.tellOthers(seat, streams, chance);
      },
    });
    this.history.note(name, 'starts');
    seat.running = origin;
    const ready = origin.started();
    ready.catch((error: unknown) => {
      this.history.note(name, `does not start: ${String(error)}`);
      process.kill();
      this.after(RESTART_MS, () => {
        if (seat.running === origin) this.startOrigin(seat);
      });
    });
    return { origin, ready };
  }

  stopOrigins(): void {
    for (const seat of this.originSeats) {
      seat.running?.process.kill();
      seat.running = null;
    }
  }

  private tellOthers(by: OriginSeat, streams: readonly StreamName[], chance: Chance): void {
    for (const seat of this.originSeats) {
      if (seat === by || seat.deaf || !seat.running) continue;
      const { running } = seat;
      this.after(chance.between(...WORD_MS), () => running.hear(streams));
    }
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
      serving: this.serving,
      sites: this.sites,
      chance: this.chance.fork(name),
      logger: this.logger.child({ process: name }),
      witness: this.checks,
      standby: this.options.standby,
      location: seat.location,
      token: seat.token,
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
    this.backups.push({ at: this.clock.monotonic(), content: this.disk.copy() });
    this.after(BACKUP_MS, () => this.takeBackups());
  }
}
