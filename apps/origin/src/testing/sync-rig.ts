import { create } from '@bufbuild/protobuf';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sync } from '@knot/contract';
import { listenOnePort, openGrpcClient, type GrpcClient, type OnePort } from '@knot/link';
import { createUuidV7, KeyRing, sha256Hex, systemClock, systemRandom } from '@knot/shared';
import { openSqliteStore } from '@knot/shared/sqlite';
import type { NewRow, Store } from '@knot/shared/store';
import { LocationKeys } from '../agents/location-keys.js';
import { claim, spaceName } from '../deeds/unique-name.js';
import { SnapshotVault } from '../spaces/snapshot-vault.js';
import { createSync, type OriginSync } from '../sync/create-sync.js';

export const TOKEN = 'the-shared-token';
export const FORMER_TOKEN = 'the-one-before-it';
const SECRET = 'x'.repeat(43);
const newUuid = createUuidV7(systemClock, systemRandom);

interface SeenSpace {
  readonly id: string;
  readonly sequence?: bigint;
  readonly observedGeneration?: bigint;
  readonly workload?: string;
  readonly finalized?: boolean;
}

export const call = (credential = '') => ({ signal: AbortSignal.timeout(20_000), deadlineMs: 5_000, credential });

export function spaceRow(location: string, over: Partial<NewRow<'space'>> = {}): NewRow<'space'> {
  return {
    id: newUuid(),
    name: `s-${Math.random().toString(36).slice(2)}`,
    description: '',
    ownerId: 'owner',
    sharedWith: [],
    portShares: [],
    shell: '',
    templatePorts: [],
    location,
    templateId: 'template',
    templateVersion: 1,
    want: 'stopped',
    generation: 1,
    restarts: 0,
    snapshotHash: '',
    computeUnits: 0,
    storageUnits: 0,
    schedule: null,
    extendedUntil: 0,
    servicePassword: '',
    wishedBy: 'owner',
    wishedAt: 1,
    deletionRequestedAt: 0,
    createdAt: 1,
    ...over,
  };
}

/** The sync service of an origin on a port of its own, as a leaf meets it. */
export class SyncRig {
  private constructor(
    private readonly folder: string,
    readonly store: Store,
    readonly origin: OriginSync,
    private readonly port: OnePort,
    readonly client: GrpcClient,
  ) {}

  static async open(): Promise<SyncRig> {
    const folder = await mkdtemp(join(tmpdir(), 'knot-sync-'));
    const store = await openSqliteStore({ file: join(folder, 'knot.db'), clock: systemClock, random: systemRandom });
    const keys = new KeyRing([systemRandom(32)], systemRandom);
    const origin = createSync({
      clock: systemClock,
      store,
      locationKeys: new LocationKeys(store, keys),
      vault: new SnapshotVault(keys),
      keys,
      newId: newUuid,
      random: systemRandom,
      sharedTokenHashes: [TOKEN, FORMER_TOKEN].map(sha256Hex),
      defaultPolicy: { drivers: ['docker'], hostVolumes: [] },
      programVersion: '0.1.0',
      auditRefusal: () => undefined,
    });
    const port = await listenOnePort({ host: '127.0.0.1', port: 0, tls: null, web: createServer(), grpc: origin.grpc });
    const client = await openGrpcClient({ host: '127.0.0.1', port: port.port, tls: false, ca: '', fingerprint: '' });
    return new SyncRig(folder, store, origin, port, client);
  }

  async close(): Promise<void> {
    this.client.close();
    this.origin.close();
    await this.port.close(0);
    await this.store.close();
    await rm(this.folder, { recursive: true });
  }

  newId(): string {
    return newUuid();
  }

  async enroll(location: string, instance: string = randomUUID(), token = TOKEN): Promise<string> {
    const request = { location, instance, instanceSecret: SECRET, token, programVersion: '0.1.0' };
    const answer = await this.client.unary(sync.Sync.method.enroll, create(sync.EnrollRequestSchema, request), call());
    return answer.credential;
  }

  renew(credential: string, holder: string, term = 0n, seenTerm = term) {
    const request = create(sync.RenewLeaseRequestSchema, { holder, term, seenTerm });
    return this.client.unary(sync.Sync.method.renewLease, request, call(credential));
  }

  async putSpace(row: NewRow<'space'>, version = 0): Promise<void> {
    await this.store.commit({
      expect: [{ kind: 'space', id: row.id, version }],
      unique: version === 0 ? [claim(spaceName(row), row.id)] : [],
      writes: [{ put: 'space', row }],
      log: [{ stream: `location:${row.location}`, kind: 'space', id: row.id, op: 'put' }],
    });
  }

  async putVolume(id: string, definition: string): Promise<void> {
    const row = { id, name: id, location: 'lon', platform: 'nomad' as const, definition };
    await this.store.commit({
      expect: [{ kind: 'volume', id, version: 0 }],
      unique: [{ claim: 'volume.name', value: id, id }],
      writes: [{ put: 'volume', row: { ...row, want: 'present', generation: 1, createdAt: 1 } }],
      log: [{ stream: 'location:lon', kind: 'volume', id, op: 'put' }],
    });
  }

  report(credential: string, term: bigint, status: SeenSpace) {
    const spaces = [{ sequence: 7n, workload: 'healthy', observedGeneration: 1n, ...status }];
    const request = create(sync.ReportStatusRequestSchema, { term, spaces });
    return this.client.unary(sync.Sync.method.reportStatus, request, call(credential));
  }
}
