import { createLeaf, type Leaf } from '../../../apps/leaf/src/create-leaf.js';
import type { Scope } from '@knot/domain';
import type { Driver } from '@knot/drivers';
import { FakeDriver, Faults } from '@knot/drivers/fake';
import type { Logger } from '@knot/shared';
import type { LeafStore } from '@knot/shared/store';
import { MemoryLeafStore, type LeafDisk } from '../store/memory-leaf-store.js';
import type { BackendSite } from './backend-site.js';
import { behindProcess } from './behind-process.js';
import type { Chance } from './chance.js';
import { diskSchedule } from './disk-schedule.js';
import type { Link } from './link.js';
import type { SimClock } from './sim-clock.js';
import type { ServingOrigin } from './sim-origin.js';
import type { SimProcess } from './sim-process.js';
import { Transport } from './transport.js';
import type { ActingLeaf, Witness } from './witness.js';

/** How long before it wakes something may happen that it would see first, ms. */
const WAKING_MS = 60;

export interface SimLeafParts {
  readonly clock: SimClock;
  readonly process: SimProcess;
  readonly disk: LeafDisk;
  readonly isDiskFull: () => boolean;
  readonly link: Link;
  readonly serving: () => readonly ServingOrigin[];
  readonly sites: readonly BackendSite[];
  readonly chance: Chance;
  readonly logger: Logger;
  readonly witness: Witness;
  readonly standby: boolean;
  readonly location: string;
  readonly token: string;
}

/** One process of the real leaf over a disk, a network and orchestrators of the simulation. */
export class SimLeaf implements ActingLeaf {
  private made: Leaf | null = null;

  constructor(readonly parts: SimLeafParts) {}

  get process(): SimProcess {
    return this.parts.process;
  }

  get location(): string {
    return this.parts.location;
  }

  get disk(): LeafDisk {
    return this.parts.disk;
  }

  get leaf(): Leaf | null {
    return this.made;
  }

  async start(): Promise<void> {
    const { process, disk, chance, clock, link, serving, logger, witness, isDiskFull, standby } = this.parts;
    const { location, token } = this.parts;
    const store = behindProcess<LeafStore>(
      process,
      new MemoryLeafStore({
        disk,
        schedule: diskSchedule(clock, process, chance),
        isFull: isDiskFull,
        onPosition: (position, relisted) => witness.positionStored(this, position, relisted),
      }),
    );
    const leaf = await createLeaf({
      options: {
        location,
        token,
        programVersion: '0.1.0',
        facts: { url: '', agentEndpoint: '', wildcardDomain: '', timezone: 'UTC' },
        standby,
      },
      ports: {
        sync: this.mortal(new Transport({ clock, link, leaf: process, serving, witness })),
        store,
        drivers: (scope) => this.parts.sites.map((site) => this.driver(scope, site)),
        clock: process.clock,
        random: chance.bytes,
        logger,
        processId: process.name,
      },
    });
    this.made = leaf;
    await leaf.start();
  }

  private nap: { readonly ms: number; readonly beforeWaking: () => void } | null = null;

  /** Freezes it for so long with its next renewal on its way. */
  sleepAtRenewal(ms: number, beforeWaking: () => void): void {
    this.nap = { ms, beforeWaking };
  }

  private fallAsleep(): void {
    const { clock, process } = this.parts;
    const { nap } = this;
    if (nap === null) return;
    this.nap = null;
    clock.setTimeout(() => process.freeze(), 0);
    clock.setTimeout(nap.beforeWaking, nap.ms - WAKING_MS);
    clock.setTimeout(() => process.thaw(), nap.ms);
  }

  /** A crash can strike before a call of the origin, and before its answer is known. */
  private mortal(transport: Transport): Transport {
    return new Proxy(transport, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        const isUnary = name !== 'watch' && name !== 'useCredential' && name !== 'close';
        return (...given: unknown[]): unknown => {
          const call = () => Reflect.apply(member, target, given) as Promise<unknown>;
          if (name === 'renewLease') this.fallAsleep();
          return isUnary ? this.process.call(call) : call();
        };
      },
    });
  }

  private driver(scope: Scope, site: BackendSite): Driver {
    const { process, witness } = this.parts;
    const faults = new Faults();
    faults.program = site.fault;
    const inner = new FakeDriver({
      scope,
      backend: site.backend,
      platform: site.platform,
      faults,
      witness: (facts, effect) => witness.effect(this, site, facts, effect),
    });
    const driver = behindProcess<Driver>(process, inner);
    const { machine } = site;
    const intercepted: Partial<Driver> = {
      ...(machine && {
        observe: async (request, signal) => machine.asSeen(request.mark.space, await driver.observe(request, signal)),
      }),
      watch: (hint, signal) => process.gate(inner.watch((space) => process.deliver(() => hint(space)), signal)),
      lock: () => behindProcess(process, inner.lock()),
      apply: (spec, expect, signal) => {
        witness.applying(this, site, spec);
        return driver.apply(spec, expect, signal);
      },
      remove: (mark, signal) => {
        witness.removing(this, site, mark.space);
        return driver.remove(mark, signal);
      },
    };
    return new Proxy(driver, {
      get: (target, name) => Reflect.get(intercepted, name) ?? (Reflect.get(target, name, target) as unknown),
    });
  }
}
