import type { FaultOf } from './plan-items.js';
import { sha256Hex } from '@knot/shared';
import type { Write } from '@knot/shared/store';
import type { BackendSite } from './world/backend-site.js';
import type { LeafSeat, OriginSeat, SimWorld } from './world/sim-world.js';
import { SHARED_TOKEN } from './world/sim-origin.js';
import type { Users } from './world/users.js';
import { LeafDisk } from './store/memory-leaf-store.js';

/** Lets faults strike a world, and ends them. */
export class FaultMaker {
  private healed = false;
  private litters = 0;
  /** Locations of leaves that have begun with an empty disk. */
  private readonly lostDisks = new Set<string>();
  /** Whose token is another one than that of the process that runs. */
  private readonly toldAnew = new Set<LeafSeat>();

  constructor(
    private readonly world: SimWorld,
    private readonly users: Users,
    private readonly onRestore: (at: number) => void,
  ) {}

  strike(fault: FaultOf): void {
    const { world } = this;
    world.history.note('fault', JSON.stringify(fault));
    switch (fault.do) {
      case 'crash-leaf':
      case 'stop-leaf':
      case 'lose-disk':
      case 'freeze-leaf':
      case 'freeze-at-renewal':
      case 'give-token':
      case 'cut':
      case 'bad-network':
      case 'disk-full': {
        const seat = world.seats[fault.leaf % world.seats.length];
        return seat && this.strikeLeaf(seat, fault);
      }
      case 'backend':
      case 'slow-backend':
      case 'silent-watch':
      case 'no-lock':
      case 'cut-watches':
      case 'stale-hints': {
        const site = world.sites[fault.site];
        return site && this.strikeSite(site, fault);
      }
      case 'crash-origin':
      case 'freeze-origin':
      case 'deaf-origin':
      case 'sweep': {
        const seat = world.originSeats[fault.origin % world.originSeats.length];
        return seat && this.strikeOrigin(seat, fault);
      }
      case 'restore':
        return this.restore(fault.ageMs, fault.downMs);
      case 'meddle':
        return this.meddle(fault.how, fault.space);
      case 'store':
        world.storeFault = fault;
        return world.after(fault.ms, () => (world.storeFault = null));
      case 'slow-store':
        world.slowMs = fault.slowMs;
        return world.after(fault.ms, () => (world.slowMs = 0));
      case 'clock':
        return this.jump(fault);
      case 'compact':
        return this.compact();
      case 'litter':
        return void this.litter();
    }
  }

  /** No fault is left, everybody is there, and every leaf is let in. */
  heal(): void {
    const { world } = this;
    world.history.note('fault', 'all faults end');
    Object.assign(world, { storeFault: null, slowMs: 0 });
    for (const site of world.sites) site.heal();
    for (const seat of world.originSeats) {
      seat.deaf = false;
      seat.running?.process.disarm();
      seat.running?.process.thaw();
      this.restartOrigin(seat);
    }
    for (const seat of world.seats) {
      seat.running?.process.disarm();
      seat.full = false;
      seat.link.heal();
      seat.link.reset();
      seat.running?.process.thaw();
      if (!seat.running?.process.alive) world.startLeaf(seat);
    }
    this.healed = true;
    for (const seat of this.toldAnew) this.restartLeaf(seat);
    world.locations.forEach((name, location) => {
      if (this.isLockedOut(name)) this.users.wish({ do: 'new-token', location });
    });
  }

  /** An administrator has a new token: it is given to every leaf there, which reads it at its next start. */
  tokenMade(location: string, token: string): void {
    for (const seat of this.world.seats.filter((one) => one.location === location)) {
      seat.token = token;
      if (this.healed) this.restartLeaf(seat);
      else this.toldAnew.add(seat);
    }
  }

  /** Whether a leaf of a location may be kept out by now: revoked, with a new disk, or with a token that is old. */
  private isLockedOut(location: string): boolean {
    const { world } = this;
    const row = world.disk.row('location', location);
    if (this.lostDisks.has(location) || row?.instances.some(({ state }) => state !== 'let-in')) return true;
    const seats = world.seats.filter((seat) => seat.location === location && seat.token !== SHARED_TOKEN);
    return seats.some(({ token }) => sha256Hex(token) !== row?.tokenHash);
  }

  private strikeOrigin(
    seat: OriginSeat,
    fault: Extract<FaultOf, { do: 'crash-origin' | 'freeze-origin' | 'deaf-origin' | 'sweep' }>,
  ): void {
    const { world } = this;
    switch (fault.do) {
      case 'crash-origin':
        seat.running?.process.crashAfter(fault.calls, fault.when);
        return world.after(2_000 + fault.downMs, () => this.restartOrigin(seat));
      case 'freeze-origin': {
        const process = seat.running?.process;
        process?.freeze();
        return world.after(fault.ms, () => process?.thaw());
      }
      case 'deaf-origin':
        seat.deaf = true;
        return world.after(fault.ms, () => (seat.deaf = false));
      case 'sweep': {
        const { running } = seat;
        const problem = (error: unknown) => world.history.note(running?.process.name ?? '', `sweeps: ${String(error)}`);
        return running?.process.deliver(() => void running.housekeeping.sweep().catch(problem));
      }
    }
  }

  private strikeLeaf(
    seat: LeafSeat,
    fault: Extract<
      FaultOf,
      {
        do:
          | 'crash-leaf'
          | 'stop-leaf'
          | 'lose-disk'
          | 'freeze-leaf'
          | 'freeze-at-renewal'
          | 'give-token'
          | 'cut'
          | 'bad-network'
          | 'disk-full';
      }
    >,
  ): void {
    const { world } = this;
    switch (fault.do) {
      case 'crash-leaf': {
        seat.running?.process.crashAfter(fault.calls, fault.when);
        const { turn } = seat;
        return world.after(fault.downMs + 1_000, () => {
          if (seat.turn !== turn) return;
          world.killLeaf(seat);
          world.startLeaf(seat);
        });
      }
      case 'stop-leaf':
        world.stopLeaf(seat);
        return world.after(fault.downMs + 3_000, () => {
          world.killLeaf(seat);
          world.startLeaf(seat);
        });
      case 'lose-disk':
        this.lostDisks.add(seat.location);
        world.killLeaf(seat);
        seat.disk = new LeafDisk();
        return world.after(fault.downMs, () => world.startLeaf(seat));
      case 'freeze-leaf': {
        const process = seat.running?.process;
        process?.freeze();
        return world.after(fault.ms, () => process?.thaw());
      }
      case 'freeze-at-renewal': {
        const holder = world.seats.find(
          ({ location, running }) => location === seat.location && running?.leaf?.state().leaseHeld,
        );
        const kill = () => this.users.spaces.forEach((_, space) => this.meddle('kill', space));
        return (holder ?? seat).running?.sleepAtRenewal(fault.ms, kill);
      }
      case 'give-token':
        return this.restartLeaf(seat);
      case 'cut':
        seat.link.cut = fault.how;
        if (fault.how === 'refused') seat.link.reset();
        return world.after(fault.ms, () => {
          seat.link.cut = 'none';
          seat.link.reset();
        });
      case 'bad-network':
        Object.assign(seat.link, { loss: fault.loss, duplication: fault.duplication, delay: [1, fault.delay] });
        return world.after(fault.ms, () => seat.link.heal());
      case 'disk-full':
        seat.full = true;
        return world.after(fault.ms, () => (seat.full = false));
    }
  }

  private strikeSite(
    site: BackendSite,
    fault: Extract<
      FaultOf,
      { do: 'backend' | 'slow-backend' | 'silent-watch' | 'no-lock' | 'cut-watches' | 'stale-hints' }
    >,
  ): void {
    const { world } = this;
    const { knobs } = site.backend;
    switch (fault.do) {
      case 'backend':
        site.trouble = fault;
        return world.after(fault.ms, () => (site.trouble = null));
      case 'slow-backend': {
        const { latencyMs, stopMs } = knobs;
        Object.assign(knobs, { latencyMs: fault.latencyMs, stopMs: fault.stopMs });
        return world.after(fault.ms, () => Object.assign(knobs, { latencyMs, stopMs }));
      }
      case 'silent-watch':
        knobs.silentWatch = true;
        return world.after(fault.ms, () => {
          knobs.silentWatch = false;
          site.backend.cutWatches();
        });
      case 'no-lock':
        knobs.lockAvailable = false;
        return world.after(fault.ms, () => (knobs.lockAvailable = true));
      case 'cut-watches':
        return site.backend.cutWatches();
      case 'stale-hints':
        return site.backend.repeatHints();
    }
  }

  private restartOrigin(seat: OriginSeat): void {
    if (!seat.running?.process.alive) this.world.startOrigin(seat);
  }

  private restartLeaf(seat: LeafSeat): void {
    this.world.killLeaf(seat);
    this.world.startLeaf(seat);
  }

  private restore(ageMs: number, downMs: number): void {
    const { world } = this;
    const wanted = world.clock.monotonic() - ageMs;
    const backup = world.backups.findLast(({ at }) => at <= wanted);
    if (!backup) return;
    world.stopOrigins();
    world.disk.restore(backup.content);
    world.backups.splice(world.backups.indexOf(backup) + 1);
    world.history.note('fault', `the database is as it was at ${Math.round(backup.at)} ms`);
    this.users.forgetSince(backup.at);
    this.onRestore(backup.at);
    for (const seat of world.originSeats) world.after(downMs, () => this.restartOrigin(seat));
  }

  private meddle(how: 'kill' | 'purge' | 'edit', number: number): void {
    const id = this.users.spaces[number % Math.max(1, this.users.spaces.length)];
    if (id === undefined) return;
    for (const { backend } of this.world.sites) if (backend.get(id)) backend[how](id);
  }

  private jump(fault: Extract<FaultOf, { do: 'clock' }>): void {
    const { world } = this;
    if (fault.who === 'database') {
      world.databaseAhead += fault.ms;
      return;
    }
    if (fault.who === 'origin') {
      const seat = world.originSeats[fault.origin % world.originSeats.length];
      if (!seat) return;
      seat.wallAhead += fault.ms;
      if (seat.running) seat.running.process.wallAhead = seat.wallAhead;
      return;
    }
    const seat = world.seats[fault.leaf % world.seats.length];
    if (!seat) return;
    seat.wallAhead += fault.ms;
    if (seat.running) seat.running.process.wallAhead = seat.wallAhead;
  }

  private compact(): void {
    const { world } = this;
    const [first] = world.serving();
    if (!first) return;
    const { store } = first.origin;
    for (const stream of ['events' as const, ...world.locations.map((name) => `location:${name}` as const)]) {
      void store.head(stream).then(({ rev }) => store.compact(stream, rev));
    }
  }

  /** What has run out long ago, for a sweep to take away: more than one commit of it. */
  private async litter(): Promise<void> {
    const [first] = this.world.serving();
    if (!first) return;
    const { store } = first.origin;
    const name = `litter-${this.litters++}`;
    const old = { requestHash: '', status: 200, response: null, createdAt: 1 };
    const writes: Write[] = [
      { put: 'throttle', row: { id: name, count: 1, since: 1 } },
      { put: 'idempotency', row: { id: name, ...old } },
    ];
    await store.commit({ expect: [], writes }).catch(() => undefined);
  }
}
