import type { Server } from '@grpc/grpc-js';
import type { SyncClient } from '@knot/contract';
import type { Clock, KeyRing, RandomSource } from '@knot/shared';
import { retrying, type LocationPolicy, type Store } from '@knot/shared/store';
import type { LocationKeys } from '../agents/location-keys.js';
import type { SnapshotVault } from '../spaces/snapshot-vault.js';
import { Deeds } from '../deeds/deeds.js';
import { UserDeletion } from '../users/user-deletion.js';
import { EnrollLeaf, type SyncRefusal } from './enroll-leaf.js';
import { createGrpcSyncServer } from './grpc-sync-server.js';
import { inProcessClient } from './in-process-client.js';
import { LeafCredentials } from './leaf-credentials.js';
import { LeafStreams } from './leaf-streams.js';
import { LeafWishes } from './leaf-wishes.js';
import { ListObjects } from './list-objects.js';
import { ObjectReader } from './object-reader.js';
import { OrphanList } from './orphan-list.js';
import { Questions } from './questions.js';
import { RenewLease } from './renew-lease.js';
import { ReportTally } from './report-tally.js';
import { StoreReport } from './store-report.js';
import { StreamWakeups } from './stream-wakeups.js';
import { StoreTime } from './store-time.js';
import { SyncDoor } from './sync-door.js';
import { SyncService } from './sync-service.js';
import { WatchLocation } from './watch-location.js';
import { WireSnapshots } from './wire-snapshots.js';

export interface SyncOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly vault: SnapshotVault;
  readonly keys: KeyRing;
  readonly locationKeys: LocationKeys;
  readonly newId: () => string;
  readonly random: RandomSource;
  /** sha256 of each accepted shared_token. */
  readonly sharedTokenHashes: readonly string[];
  readonly defaultPolicy: LocationPolicy;
  readonly programVersion: string;
  /** Where users reach the dashboard. */
  readonly url?: string;
  readonly auditRefusal: (refusal: SyncRefusal) => void;
}

export interface OriginSync {
  readonly credentials: LeafCredentials;
  readonly grpc: Server;
  readonly streams: LeafStreams;
  readonly reports: ReportTally;
  readonly questions: Questions;
  readonly wishes: LeafWishes;
  /** The client for the origin's own location, after making sure of its row. */
  ownLocation(location: string, instance: string): Promise<SyncClient>;
  /** Ends the streams of the leaves, which come again. */
  drain(): void;
  close(): void;
}

/** The service with what it is made of, without any transport. */
export function composeSyncService(options: SyncOptions) {
  const { store, clock, vault, keys, newId, random } = options;
  const credentials = new LeafCredentials(store, newId, random);
  const reader = new ObjectReader(store, new WireSnapshots(store, vault));
  const wakeups = new StreamWakeups(store, clock);
  const time = new StoreTime(store, clock);
  const reports = new ReportTally();
  const questions = new Questions(clock, newId, (location) => wakeups.wake(`location:${location}`));
  const wishes = new LeafWishes(store, options.auditRefusal);
  const userDeletion = new UserDeletion({ store, clock, newId, deeds: new Deeds(store, clock, newId) });
  const service = new SyncService({
    store,
    programVersion: options.programVersion,
    url: options.url ?? '',
    enroll: new EnrollLeaf({ ...options, credentials }),
    lease: new RenewLease(store),
    list: new ListObjects(store, reader),
    watch: new WatchLocation({ store, reader, wakeups, questions, clock, time }),
    report: new StoreReport(store, new OrphanList(store, keys), userDeletion),
    reports,
    questions,
    wishes,
    auditRefusal: options.auditRefusal,
  });
  return { service, credentials, wakeups, reports, questions, wishes, time };
}

export function createSync(options: SyncOptions): OriginSync {
  const { store, locationKeys } = options;
  const { service, credentials, wakeups, reports, questions, wishes, time } = composeSyncService(options);
  const streams = new LeafStreams();
  const draining = new AbortController();
  const door = new SyncDoor({ service, credentials, time, streams, draining: draining.signal });
  const grpc = createGrpcSyncServer(door, streams);
  return {
    credentials,
    grpc,
    streams,
    reports,
    questions,
    wishes,
    ownLocation: async (location, instance) => {
      await ensureBuiltIn(store, location, options.defaultPolicy);
      return inProcessClient(service, store, locationKeys, { location, instance });
    },
    drain: () => draining.abort(),
    close: () => {
      wakeups.close();
      grpc.forceShutdown();
    },
  };
}

async function ensureBuiltIn(store: Store, id: string, policy: LocationPolicy): Promise<void> {
  await retrying(store, async () => {
    const row = await store.get('location', id);
    if (row) return { commit: null, result: null };
    const createdAt = await store.now();
    const fresh = { id, builtIn: true, tokenHash: '', instances: [], policy, createdAt };
    const commit = {
      expect: [{ kind: 'location' as const, id, version: 0 }],
      writes: [{ put: 'location' as const, row: fresh }],
      log: [{ stream: 'events' as const, kind: 'location' as const, id, op: 'put' as const }],
    };
    return { commit, result: null };
  });
}
