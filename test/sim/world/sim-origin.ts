import { createUuidV7, KeyRing, sha256Hex, type Logger } from '@knot/shared';
import { LocationKeys } from '../../../apps/origin/src/agents/location-keys.js';
import { composeUseCases, type UseCases } from '../../../apps/origin/src/compose.js';
import { Housekeeping } from '../../../apps/origin/src/housekeeping.js';
import type { OriginSettings } from '../../../apps/origin/src/origin-settings.js';
import { ensureInstallation } from '../../../apps/origin/src/installation/ensure-installation.js';
import { OfferSweep } from '../../../apps/origin/src/offers/offer-sweep.js';
import { LeaderLease } from '../../../apps/origin/src/origins/leader-lease.js';
import { RevocationsElsewhere } from '../../../apps/origin/src/origins/revocations-elsewhere.js';
import { SnapshotVault } from '../../../apps/origin/src/spaces/snapshot-vault.js';
import { composeSyncService } from '../../../apps/origin/src/sync/create-sync.js';
import { LeafStreams } from '../../../apps/origin/src/sync/leaf-streams.js';
import { SyncDoor } from '../../../apps/origin/src/sync/sync-door.js';
import type { Commit, Store, StreamName } from '@knot/shared/store';
import { MemoryStore, type CommitFault } from '../store/memory-store.js';
import type { OriginDisk } from '../store/disk.js';
import type { Chance } from './chance.js';
import { diskSchedule } from './disk-schedule.js';
import { behindProcess } from './behind-process.js';
import type { SimClock } from './sim-clock.js';
import type { SimProcess } from './sim-process.js';

/** Lets a leaf into a location that has no space yet, or that was let in once. */
export const SHARED_TOKEN = 'shared';

const FACTS = { url: '', agentEndpoint: '', wildcardDomain: '', timezone: 'UTC', nomadDc: '', nomadRegion: '' };

/** How often one of several origins looks for what the others have committed, ms. */
const POLL_MS = 1_000;

export interface SimOriginParts {
  readonly clock: SimClock;
  readonly process: SimProcess;
  readonly disk: OriginDisk;
  readonly chance: Chance;
  readonly logger: Logger;
  /** The key of its vault, the same after each start. */
  readonly key: Uint8Array;
  /** One of several: they share the database's clock, and look for one another's commits. Else it has the disk to itself. */
  readonly databaseClock: { now(): number } | null;
  /** How much longer than usual the database may take at present, ms. */
  readonly slowMs: () => number;
  readonly fault: () => CommitFault | null;
  readonly onWritten: (commit: Commit, streams: readonly StreamName[]) => void;
}

/** An origin that serves, by the number of its place. */
export interface ServingOrigin {
  readonly number: number;
  readonly origin: SimOrigin;
}

/** One process of the real origin over a disk of the simulation: its use cases and its sync service, without HTTP. */
export class SimOrigin {
  readonly process: SimProcess;
  readonly store: Store;
  readonly useCases: UseCases;
  readonly door: SyncDoor;
  readonly housekeeping: Housekeeping;
  private readonly ready: Promise<void>;
  private readonly memory: MemoryStore;
  private open = false;

  constructor(private readonly parts: SimOriginParts) {
    const { process, chance, logger, disk, databaseClock } = parts;
    const { clock } = process;
    this.process = process;
    const random = chance.bytes;
    const newId = createUuidV7(clock, random);
    this.memory = new MemoryStore({
      disk,
      clock: databaseClock ?? clock,
      newId,
      nonce: () => Buffer.from(random(6)).toString('hex'),
      pacing: { chance: () => chance.next(), sleep: (ms) => clock.sleep(ms) },
      schedule: diskSchedule(parts.clock, process, chance, parts.slowMs),
      pause: () => this.readTakes(),
      fault: parts.fault,
      onWritten: parts.onWritten,
    });
    const store = behindProcess<Store>(process, this.memory);
    this.store = store;
    const keys = new KeyRing([parts.key], random);
    const vault = new SnapshotVault(keys);
    const defaultPolicy = { drivers: [], hostVolumes: [] };
    const locationKeys = new LocationKeys(store, keys);
    const base = { store, clock, random, keys, vault, logger, defaultPolicy, programVersion: '0.1.0' };
    const { service, credentials, questions, time } = composeSyncService({
      ...base,
      newId,
      locationKeys,
      sharedTokenHashes: [sha256Hex(SHARED_TOKEN)],
      auditRefusal: () => undefined,
    });
    const draining = new AbortController().signal;
    this.door = new SyncDoor({ service, credentials, time, streams: new LeafStreams(), draining });
    this.useCases = composeUseCases({
      ...base,
      // nobody looks at who is live here
      grace: { until: () => 0 },
      locationKeys,
      credentials,
      questions,
      settings: SETTINGS,
    });
    const leader = new LeaderLease(store, clock, process.name, 'housekeeping');
    const offerSweep = new OfferSweep(store);
    this.housekeeping = new Housekeeping({ ...base, ...this.useCases, leader, offerSweep, auditRetention: 30 });
    this.ready = this.begin(newId).then(() => {
      if (!databaseClock) return;
      new RevocationsElsewhere(store, clock, credentials, logger);
      this.pollOn();
    });
  }

  /** Whether anybody is served: not before what a start has to do is done. */
  get serves(): boolean {
    return this.open && this.process.alive;
  }

  /** Resolves once it serves. */
  started(): Promise<void> {
    return this.ready;
  }

  /** Another origin says that it has committed. */
  hear(streams: readonly StreamName[]): void {
    this.process.deliver(() => this.memory.wake(streams));
  }

  private async begin(newId: () => string): Promise<void> {
    await ensureInstallation(this.store, newId);
    await this.useCases.restored.notice();
    this.housekeeping.start();
    this.open = true;
  }

  private pollOn(): void {
    this.process.clock.setTimeout(() => {
      this.memory.poll();
      this.pollOn();
    }, POLL_MS);
  }

  private readTakes(): Promise<void> {
    const { clock, chance, slowMs } = this.parts;
    const slowest = slowMs();
    if (slowest > 0) return clock.sleep(chance.between(1, slowest));
    return chance.hits(0.03) ? clock.sleep(chance.between(1, 8)) : Promise.resolve();
  }
}

const SETTINGS: OriginSettings = {
  url: 'http://origin',
  location: 'elsewhere',
  timezone: 'UTC',
  facts: FACTS,
  localForAll: true,
  disableSpaceCreate: false,
  webgl: true,
  auditRetention: 30,
  trustedProxies: [],
  useTls: false,
  oidc: { name: '', groupsClaim: 'groups', createUsers: false, passwords: true },
  totp: { enabled: false, window: 1, issuer: '' },
  apps: null,
  disableProxy: false,
  proxy: { disabled: false, allowed: [], resolver: { nameservers: [], domains: {} }, never: [] },
  checked: {
    ...{ url: 'http://origin', wildcardDomain: '', appsUrl: '', allowPlaintext: false, tlsSkipVerify: false },
    ...{ nameservers: [], backupMaxAge: 0, backupFile: null },
  },
  storeFindings: [],
};
