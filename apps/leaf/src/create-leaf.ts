import type { AppName } from '@knot/domain';
import type { AppDoor } from '@knot/link';
import { KnotError } from '@knot/shared/errors';
import type { BackendLocks } from './authority/backend-locks.js';
import type { BytesDoor } from './bytes/bytes-door.js';
import { OriginLink } from './bytes/origin-link.js';
import { leafIdentity } from './leaf-identity.js';
import { leafParts, type LeafParts } from './leaf-parts.js';
import type { LeafOptions, LeafPorts } from './leaf-ports.js';
import type { LeafState, PlatformState } from './leaf-state.js';
import { within } from './within.js';

const RELEASE_MS = 2_000;

export interface Leaf {
  /**
   * Takes up what is stored, then looks for the origin; resolves without waiting for it. Throws `config.invalid` when
   * the store belongs to another location.
   */
  start(): Promise<void>;
  /** Lets runs end, gives the lease and the locks back. Spaces go on running. */
  stop(): Promise<void>;
  state(): LeafState;
  /** Whether it holds the lease of its location. */
  readonly acts: boolean;
  /** Where people's bytes come in. */
  readonly door: BytesDoor;
  /** Web apps behind this leaf's own hosts; null where there are none. */
  readonly apps: AppDoor<AppName> | null;
  /** The dashboard's address; '' before the origin has told it. */
  readonly originUrl: () => Promise<string>;
}

/** One location: keeps its spaces as they should be. The store stays the caller's to close, after `stop`. */
export async function createLeaf({
  options,
  ports,
}: {
  readonly options: LeafOptions;
  readonly ports: LeafPorts;
}): Promise<Leaf> {
  const identity = await leafIdentity(ports.store, ports);
  return new LocationLeaf(options, ports, (leaf) =>
    leafParts(options, ports, identity, {
      onInstallation: (installation) => leaf.useInstallation(installation),
      onTerm: () => leaf.pokeLocks(),
    }),
  );
}

class LocationLeaf implements Leaf {
  private readonly parts: LeafParts;
  private readonly ending = new AbortController();
  private readonly tasks: Promise<void>[] = [];
  private locks: BackendLocks | null = null;
  private ready = false;

  constructor(
    private readonly options: LeafOptions,
    private readonly ports: LeafPorts,
    build: (leaf: LocationLeaf) => LeafParts,
  ) {
    this.parts = build(this);
  }

  async start(): Promise<void> {
    const { store } = this.ports;
    const { agents, inventory, engine, session, follower, right, orphanWatch, ends, entries, grantUses } = this.parts;
    await this.ownStore();
    await inventory.load(store);
    await follower.recall();
    right.noteStoredTerm(Number((await store.meta('term')) ?? 0));
    const revoked = (await store.meta('revoked')) ?? '';
    if (revoked !== '') right.noteRefusal(revoked);
    const installation = await store.meta('installation');
    if (installation !== null) await this.useInstallation(installation);
    await ends.recall();
    await entries.recall();
    await grantUses.recall();
    await agents.start();
    engine.start();
    for (const key of inventory.keys()) engine.add(key, 'drift');
    this.run(orphanWatch.run(this.ending.signal));
    this.run(session.run(this.ending.signal));
    this.linkToOrigin();
    this.ready = true;
  }

  async stop(): Promise<void> {
    const { agents, engine, lease, uses } = this.parts;
    const { clock, logger, sync } = this.ports;
    uses.close();
    await agents.stop();
    await engine.stop();
    this.ending.abort(new KnotError('server.unavailable', 'The leaf stops.'));
    await Promise.allSettled(this.tasks);
    const never = new AbortController().signal;
    const release = (signal: AbortSignal) => Promise.all([lease.release(signal), this.locks?.release(signal)]);
    await within(clock, RELEASE_MS, never, release).catch((error: unknown) =>
      logger.debug({ err: error }, 'the lease was not given back; it runs out by itself'),
    );
    sync.close();
    this.ready = false;
  }

  state(): LeafState {
    const { right, session, follower, reporter, inventory, orphans, engine } = this.parts;
    return {
      location: this.options.location,
      stage: session.stage,
      problem: session.problem,
      ready: this.ready,
      term: right.term,
      leaseHeld: right.leaseHeld,
      leaseAgeMs: right.leaseAgeMs,
      position: follower.position,
      silenceMs: follower.silenceMs,
      relists: follower.relists,
      spaces: inventory.spaces,
      orphans: orphans.list().length,
      queue: engine.stats(),
      traffic: { ...follower.counts, ...reporter.counts },
      platforms: this.platformStates(),
    };
  }

  get acts(): boolean {
    return this.parts.right.leaseHeld;
  }

  get door(): BytesDoor {
    return this.parts.door;
  }

  get apps(): AppDoor<AppName> | null {
    return this.parts.apps?.door ?? null;
  }

  get originUrl(): () => Promise<string> {
    return this.parts.originUrl;
  }

  /** A way for bytes along a connection that this leaf dials. */
  private linkToOrigin(): void {
    const { originTargets: targets, clock, logger } = this.ports;
    const { door, enrolment } = this.parts;
    if (!targets || !this.options.listenAgent) return;
    const credential = () => enrolment.credential;
    const acts = () => this.acts;
    this.run(new OriginLink({ targets, door, credential, acts, clock, logger }).run(this.ending.signal));
  }

  /** Makes the drivers, once, and begins to listen to their backends. */
  async useInstallation(installation: string): Promise<void> {
    const { platforms, watches, keepers } = this.parts;
    if (platforms.known) return;
    const scope = { installation, location: this.options.location };
    const drivers = await this.ports.drivers(scope);
    await this.ports.store.putMeta('installation', installation);
    platforms.set(scope, drivers);
    this.locks = this.parts.locks();
    this.run(this.locks.run(this.ending.signal));
    for (const watch of watches()) this.run(watch.run(this.ending.signal));
    for (const keeper of keepers()) this.run(keeper.run(this.ending.signal));
  }

  pokeLocks(): void {
    this.locks?.poke();
  }

  /** A store is one location's: under another name it would hold all that is running for orphans. */
  private async ownStore(): Promise<void> {
    const { store } = this.ports;
    const { location } = this.options;
    const owner = await store.meta('location');
    if (owner === null) return store.putMeta('location', location);
    if (owner === location) return;
    const message = `The data of this leaf belongs to the location ${owner}, not to ${location}.`;
    throw new KnotError(
      'config.invalid',
      message,
      `Set server.location to ${owner}, or give ${location} another server.data_path.`,
    );
  }

  private run(task: Promise<void>): void {
    const { logger } = this.ports;
    this.tasks.push(
      task.catch((error: unknown) => {
        if (!this.ending.signal.aborted) logger.error({ err: error }, 'a part of the leaf has ended');
      }),
    );
  }

  private platformStates(): readonly PlatformState[] {
    const { platforms, right } = this.parts;
    return platforms.all.map(({ platform }) => {
      const { ready, version, trouble, capacity = '' } = platforms.health(platform);
      const message = trouble?.message ?? capacity;
      return { platform, ready, version, message, lockHeld: right.lockHeld(platform), authority: right.of(platform) };
    });
  }
}
