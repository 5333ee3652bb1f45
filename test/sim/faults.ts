import type { FaultOf } from './plan-items.js';
import type { BackendSite } from './world/backend-site.js';
import type { LeafSeat, SimWorld } from './world/sim-world.js';
import { LOCATION } from './world/sim-leaf.js';
import type { Users } from './world/users.js';
import { LeafDisk } from './store/memory-leaf-store.js';

/** Lets faults strike a world, and ends them. */
export class FaultMaker {
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
      case 'cut':
      case 'bad-network':
      case 'disk-full': {
        const seat = world.seats[fault.leaf];
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
        world.origin?.process.crashAfter(fault.calls, fault.when);
        return world.after(2_000 + fault.downMs, () => this.restartOrigin());
      case 'restore':
        return this.restore(fault.ageMs, fault.downMs);
      case 'meddle':
        return this.meddle(fault.how, fault.space);
      case 'store':
        world.storeFault = fault;
        return world.after(fault.ms, () => (world.storeFault = null));
      case 'clock':
        return this.jump(fault);
      case 'compact':
        return this.compact();
    }
  }

  /** No fault is left, and everybody is there. */
  heal(): void {
    const { world } = this;
    world.history.note('fault', 'all faults end');
    world.storeFault = null;
    for (const site of world.sites) site.heal();
    world.origin?.process.disarm();
    this.restartOrigin();
    for (const seat of world.seats) {
      seat.running?.process.disarm();
      seat.full = false;
      seat.link.heal();
      seat.link.reset();
      seat.running?.process.thaw();
      if (!seat.running?.process.alive) world.startLeaf(seat);
    }
  }

  private strikeLeaf(
    seat: LeafSeat,
    fault: Extract<
      FaultOf,
      { do: 'crash-leaf' | 'stop-leaf' | 'lose-disk' | 'freeze-leaf' | 'cut' | 'bad-network' | 'disk-full' }
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
        world.killLeaf(seat);
        seat.disk = new LeafDisk();
        return world.after(fault.downMs, () => world.startLeaf(seat));
      case 'freeze-leaf': {
        const process = seat.running?.process;
        process?.freeze();
        return world.after(fault.ms, () => process?.thaw());
      }
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

  private restartOrigin(): void {
    const { world } = this;
    if (world.origin?.process.alive) return;
    world.startOrigin();
  }

  private restore(ageMs: number, downMs: number): void {
    const { world } = this;
    const wanted = world.clock.monotonic() - ageMs;
    const backup = world.backups.findLast(({ at }) => at <= wanted);
    if (!backup) return;
    world.stopOrigin();
    world.disk.restore(backup.content);
    world.backups.splice(world.backups.indexOf(backup) + 1);
    world.history.note('fault', `the origin's disk is as it was at ${Math.round(backup.at)} ms`);
    this.users.forgetSince(backup.at);
    this.onRestore(backup.at);
    world.after(downMs, () => this.restartOrigin());
  }

  private meddle(how: 'kill' | 'purge' | 'edit', number: number): void {
    const id = this.users.spaces[number % Math.max(1, this.users.spaces.length)];
    if (id === undefined) return;
    for (const { backend } of this.world.sites) if (backend.get(id)) backend[how](id);
  }

  private jump(fault: Extract<FaultOf, { do: 'clock' }>): void {
    const { world } = this;
    if (fault.who === 'origin') {
      world.originAhead += fault.ms;
      if (world.origin) world.origin.process.wallAhead = world.originAhead;
      return;
    }
    const seat = world.seats[fault.leaf];
    if (!seat) return;
    seat.wallAhead += fault.ms;
    if (seat.running) seat.running.process.wallAhead = seat.wallAhead;
  }

  private compact(): void {
    const { store, process } = this.world.origin ?? {};
    if (!store || !process?.alive) return;
    for (const stream of [`location:${LOCATION}`, 'events'] as const) {
      void store.head(stream).then(({ rev }) => store.compact(stream, rev));
    }
  }
}
