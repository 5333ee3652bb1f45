import { createUuidV7, KeyRing, sha256Hex, type Logger } from '@knot/shared';
import { LocationKeys } from '../../../apps/origin/src/agents/location-keys.js';
import { composeUseCases, type UseCases } from '../../../apps/origin/src/compose.js';
import { ensureInstallation } from '../../../apps/origin/src/installation/ensure-installation.js';
import { SnapshotVault } from '../../../apps/origin/src/spaces/snapshot-vault.js';
import { composeSyncService } from '../../../apps/origin/src/sync/create-sync.js';
import type { Store } from '@knot/shared/store';
import { MemoryStore, type CommitFault } from '../store/memory-store.js';
import type { OriginDisk } from '../store/disk.js';
import type { Chance } from './chance.js';
import { diskSchedule } from './disk-schedule.js';
import { behindProcess } from './behind-process.js';
import type { SimClock } from './sim-clock.js';
import type { SimProcess } from './sim-process.js';

const FACTS = { url: '', agentEndpoint: '', wildcardDomain: '', timezone: 'UTC', nomadDc: '', nomadRegion: '' };

/** How a call reached the origin. */
export interface ServedCall {
  readonly credential: string;
  readonly signal: AbortSignal;
}

export interface SimOriginParts {
  readonly clock: SimClock;
  readonly process: SimProcess;
  readonly disk: OriginDisk;
  readonly chance: Chance;
  readonly logger: Logger;
  /** The key of its vault, the same after each start. */
  readonly key: Uint8Array;
  readonly fault: () => CommitFault | null;
  readonly onWritten: (commit: Parameters<Store['commit']>[0]) => void;
}

/** One process of the real origin over a disk of the simulation: its use cases and its sync service, without HTTP. */
export class SimOrigin {
  readonly process: SimProcess;
  readonly useCases: UseCases;
  readonly service: ReturnType<typeof composeSyncService>['service'];
  private readonly credentials: ReturnType<typeof composeSyncService>['credentials'];
  private readonly ready: Promise<void>;
  private open = false;

  constructor(parts: SimOriginParts) {
    const { process, chance, logger, disk } = parts;
    const { clock } = process;
    this.process = process;
    const random = chance.bytes;
    const newId = createUuidV7(clock, random);
    const store = behindProcess<Store>(
      process,
      new MemoryStore({
        disk,
        clock,
        newId,
        nonce: () => Buffer.from(random(6)).toString('hex'),
        pacing: { chance: () => chance.next(), sleep: (ms) => clock.sleep(ms) },
        schedule: diskSchedule(parts.clock, process, chance),
        pause: () => (chance.hits(0.03) ? parts.clock.sleep(chance.between(1, 8)) : Promise.resolve()),
        fault: parts.fault,
        onWritten: parts.onWritten,
      }),
    );
    const keys = new KeyRing([parts.key], random);
    const vault = new SnapshotVault(keys);
    const defaultPolicy = { drivers: [], hostVolumes: [] };
    const locationKeys = new LocationKeys(store, keys);
    const base = { store, clock, random, keys, vault, logger, defaultPolicy, programVersion: '0.1.0' };
    const { service, credentials, questions } = composeSyncService({
      ...base,
      newId,
      locationKeys,
      sharedTokenHashes: [sha256Hex('shared')],
      auditRefusal: () => undefined,
    });
    this.service = service;
    this.credentials = credentials;
    this.useCases = composeUseCases({
      ...base,
      // nobody looks at who is live here
      grace: { until: () => 0 },
      locationKeys,
      credentials,
      questions,
      settings: {
        url: 'http://origin',
        location: 'elsewhere',
        timezone: 'UTC',
        facts: FACTS,
        localForAll: true,
        disableSpaceCreate: false,
        webgl: true,
        auditRetention: 0,
        trustedProxies: [],
        useTls: false,
        oidc: { name: '', groupsClaim: 'groups', createUsers: false, passwords: true },
        totp: { enabled: false, window: 1, issuer: '' },
        apps: null,
        disableProxy: false,
        checked: { url: 'http://origin', wildcardDomain: '', allowPlaintext: false, tlsSkipVerify: false },
        storeFindings: [],
      },
    });
    this.ready = this.begin(store, newId);
    this.store = store;
  }

  readonly store: Store;

  /** Whether anybody is served: not before what a start has to do is done. */
  get serves(): boolean {
    return this.open && this.process.alive;
  }

  /** Resolves once it serves. */
  started(): Promise<void> {
    return this.ready;
  }

  async caller({ credential, signal }: ServedCall) {
    const identity = await this.credentials.verify(credential, await this.store.now());
    return { identity, address: 'simulated', signal };
  }

  private async begin(store: Store, newId: () => string): Promise<void> {
    await ensureInstallation(store, newId);
    await this.useCases.restored.notice();
    this.open = true;
  }
}
