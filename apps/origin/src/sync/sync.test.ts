import { create } from '@bufbuild/protobuf';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sync } from '@knot/contract';
import { listenOnePort, openGrpcClient, type GrpcClient, type OnePort } from '@knot/link';
import { createUuidV7, KeyRing, sha256Hex, systemClock, systemRandom } from '@knot/shared';
import { openSqliteStore } from '@knot/shared/sqlite';
import type { NewRow, Store } from '@knot/shared/store';
import { LocationKeys } from '../agents/location-keys.js';
import { SnapshotVault } from '../spaces/snapshot-vault.js';
import { claim, spaceName } from '../deeds/unique-name.js';
import { NEW_USER } from '../users/new-user.js';
import { createSync, type OriginSync } from './create-sync.js';

const TOKEN = 'the-shared-token';
const FORMER_TOKEN = 'the-one-before-it';
const SECRET = 'x'.repeat(43);

let folder: string;
let store: Store;
let origin: OriginSync;
let port: OnePort;
let client: GrpcClient;
const newId = createUuidV7(systemClock, systemRandom);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'knot-sync-'));
  store = await openSqliteStore({ file: join(folder, 'knot.db'), clock: systemClock, random: systemRandom });
  const keys = new KeyRing([systemRandom(32)], systemRandom);
  origin = createSync({
    clock: systemClock,
    store,
    locationKeys: new LocationKeys(store, keys),
    vault: new SnapshotVault(keys),
    keys,
    newId,
    random: systemRandom,
    sharedTokenHashes: [TOKEN, FORMER_TOKEN].map(sha256Hex),
    defaultPolicy: { drivers: ['docker'], hostVolumes: [] },
    programVersion: '0.1.0',
    auditRefusal: () => undefined,
  });
  port = await listenOnePort({ host: '127.0.0.1', port: 0, tls: null, web: createServer(), grpc: origin.grpc });
  client = await openGrpcClient({ host: '127.0.0.1', port: port.port, tls: false, ca: '', fingerprint: '' });
});

afterEach(async () => {
  client.close();
  origin.close();
  await port.close(0);
  await store.close();
  await rm(folder, { recursive: true });
});

const call = (credential = '') => ({ signal: AbortSignal.timeout(20_000), deadlineMs: 5_000, credential });

async function enroll(location: string, instance: string = randomUUID(), token = TOKEN): Promise<string> {
  const request = { location, instance, instanceSecret: SECRET, token, programVersion: '0.1.0' };
  const answer = await client.unary(sync.Sync.method.enroll, create(sync.EnrollRequestSchema, request), call());
  return answer.credential;
}

function renew(credential: string, holder: string, term = 0n, seenTerm = term) {
  const request = create(sync.RenewLeaseRequestSchema, { holder, term, seenTerm });
  return client.unary(sync.Sync.method.renewLease, request, call(credential));
}

function spaceRow(location: string, over: Partial<NewRow<'space'>> = {}): NewRow<'space'> {
  return {
    id: newId(),
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

async function putSpace(row: NewRow<'space'>, version = 0): Promise<void> {
  await store.commit({
    expect: [{ kind: 'space', id: row.id, version }],
    unique: version === 0 ? [claim(spaceName(row), row.id)] : [],
    writes: [{ put: 'space', row }],
    log: [{ stream: `location:${row.location}`, kind: 'space', id: row.id, op: 'put' }],
  });
}

async function putVolume(id: string, definition: string): Promise<void> {
  const row = { id, name: id, location: 'lon', platform: 'nomad' as const, definition };
  await store.commit({
    expect: [{ kind: 'volume', id, version: 0 }],
    unique: [{ claim: 'volume.name', value: id, id }],
    writes: [{ put: 'volume', row: { ...row, want: 'present', generation: 1, createdAt: 1 } }],
    log: [{ stream: 'location:lon', kind: 'volume', id, op: 'put' }],
  });
}

function report(credential: string, term: bigint, status: SeenSpace) {
  const spaces = [{ sequence: 7n, workload: 'healthy', observedGeneration: 1n, ...status }];
  const request = create(sync.ReportStatusRequestSchema, { term, spaces });
  return client.unary(sync.Sync.method.reportStatus, request, call(credential));
}

interface SeenSpace {
  readonly id: string;
  readonly sequence?: bigint;
  readonly observedGeneration?: bigint;
  readonly workload?: string;
  readonly finalized?: boolean;
}

describe('enrolment', () => {
  it('lets a leaf in by the shared token where no space is yet, and not by another', async () => {
    expect(await enroll('lon')).toMatch(/^knl_/);
    await expect(enroll('ams', randomUUID(), 'wrong')).rejects.toMatchObject({ code: 'auth.failed' });
  });

  it('lets leaves in by either of two shared tokens, while they are changed', async () => {
    for (const token of [FORMER_TOKEN, TOKEN]) {
      expect(await enroll(`by-${token}`, randomUUID(), token)).toMatch(/^knl_/);
    }
  });

  it('makes a new instance of a location with spaces wait for an administrator, and keeps the known one', async () => {
    const first = randomUUID();
    await enroll('lon', first);
    await putSpace(spaceRow('lon'));
    const second = randomUUID();
    await expect(enroll('lon', second)).rejects.toMatchObject({ code: 'location.enrol_refused' });
    expect(await enroll('lon', first)).toMatch(/^knl_/);
    const row = await store.get('location', 'lon');
    expect(row?.instances.map(({ id, state }) => [id, state])).toEqual([
      [second, 'waiting'],
      [first, 'let-in'],
    ]);
  });

  it("never lets a leaf in for the origin's own location", async () => {
    await origin.ownLocation('home', randomUUID());
    await expect(enroll('home')).rejects.toMatchObject({ code: 'location.enrol_refused' });
  });

  it('asks each call for a credential', async () => {
    await expect(renew('', 'h')).rejects.toMatchObject({ code: 'auth.failed' });
    await expect(renew('knl_nonsense', 'h')).rejects.toMatchObject({ code: 'auth.failed' });
  });
});

describe('lease', () => {
  it('refuses a second leaf of the same location while the first renews', async () => {
    const [a, b] = [await enroll('lon'), await enroll('lon')];
    expect(await renew(a, 'a')).toMatchObject({ held: true, term: 1n });
    const refused = await renew(b, 'b');
    expect(refused).toMatchObject({ held: false, holder: 'a' });
    expect(refused.message).toContain('DuplicateLocation');
    expect(await renew(a, 'a', 1n)).toMatchObject({ held: true, term: 1n });
  });

  it('hands out no term below one that the leaf has seen, as after a restore of the origin', async () => {
    const credential = await enroll('lon');
    expect(await renew(credential, 'a', 0n, 41n)).toMatchObject({ held: true, term: 42n });
  });

  it('is for nobody after a restore until those of before have run out', async () => {
    const credential = await enroll('lon');
    const row = { id: 'lon', holder: '', instance: '', term: 1_000_003, renewedAt: await store.now() };
    await store.commit({ expect: [], writes: [{ put: 'lease', row }] });
    const refused = await renew(credential, 'a', 3n);
    expect(refused).toMatchObject({ held: false, holder: '' });
    expect(refused.message).toMatch(/^Nobody acts for lon for up to 3\d s: /);
    const past = { ...row, renewedAt: row.renewedAt - 36_000 };
    await store.commit({ expect: [{ kind: 'lease', id: 'lon', version: 1 }], writes: [{ put: 'lease', row: past }] });
    expect(await renew(credential, 'a', 3n)).toMatchObject({ held: true, term: 1_000_004n });
  });

  it('gives nothing to a renewal that its own release has overtaken', async () => {
    const credential = await enroll('lon');
    await renew(credential, 'a');
    const release = create(sync.RenewLeaseRequestSchema, { holder: 'a', term: 1n, release: true });
    await client.unary(sync.Sync.method.renewLease, release, call(credential));
    expect(await renew(credential, 'a', 1n)).toMatchObject({ held: false });
    expect(await store.get('lease', 'lon')).toMatchObject({ term: 1, renewedAt: 0 });
  });

  it('raises the term for a new process of the same disk, and refuses reports of the old one', async () => {
    const credential = await enroll('lon', randomUUID());
    await renew(credential, 'before');
    expect(await renew(credential, 'after')).toMatchObject({ held: true, term: 2n });
    const row = spaceRow('lon', { want: 'running' });
    await putSpace(row);
    await expect(report(credential, 1n, { id: row.id })).rejects.toMatchObject({ code: 'lease.lost' });
    expect(await store.get('spaceObserved', row.id)).toBeNull();
  });
});

describe('list, watch and report', () => {
  it('pages through all of a location and goes on from where the listing began', async () => {
    const credential = await enroll('lon');
    const rows = Array.from({ length: 25 }, () => spaceRow('lon'));
    for (const row of rows) await putSpace(row);
    await putSpace(spaceRow('ams'));
    const seen: string[] = [];
    let token = '';
    let from: sync.Position | undefined;
    do {
      const page = await client.unary(
        sync.Sync.method.list,
        create(sync.ListRequestSchema, { pageToken: token, limit: 10 }),
        call(credential),
      );
      for (const { object } of page.objects) if (object.case === 'space') seen.push(object.value.id);
      token = page.nextPageToken;
      from = page.position;
    } while (token !== '');
    expect(new Set(seen)).toEqual(new Set(rows.map(({ id }) => id)));

    const changed = rows[3];
    if (!changed) throw new Error('no row');
    await putSpace({ ...changed, generation: 2, want: 'running' }, 1);
    const stop = new AbortController();
    const watch = client.stream(sync.Sync.method.watch, create(sync.WatchRequestSchema, { from }), {
      signal: stop.signal,
      credential,
    });
    for await (const { event } of watch) {
      if (event.case !== 'changes') continue;
      const objects = event.value.upserts.map(({ object }) => object.value);
      expect(objects).toMatchObject([{ id: changed.id, generation: 2n, want: sync.Want.RUNNING }]);
      break;
    }
    stop.abort();
  });

  it('asks a reader of another epoch or of a future revision to list again', async () => {
    const credential = await enroll('lon');
    const from = { epoch: 'another', rev: 1n, nonce: 'n' };
    const watch = client.stream(sync.Sync.method.watch, create(sync.WatchRequestSchema, { from }), {
      signal: AbortSignal.timeout(10_000),
      credential,
    });
    await expect(watch.next()).rejects.toMatchObject({ code: 'sync.relist' });
  });

  it('stores what is reported, never beyond the generation and never backwards', async () => {
    const credential = await enroll('lon');
    await renew(credential, 'h');
    const row = spaceRow('lon', { want: 'running', generation: 3 });
    await putSpace(row);
    expect(await report(credential, 1n, { id: row.id, observedGeneration: 3n })).toMatchObject({
      persistedSequence: 7n,
    });
    await report(credential, 1n, { id: row.id, observedGeneration: 2n, workload: 'absent' });
    await report(credential, 1n, { id: row.id, observedGeneration: 4n, workload: 'absent' });
    expect(await store.get('spaceObserved', row.id)).toMatchObject({
      observedGeneration: 3,
      observed: { workload: 'healthy' },
    });
  });

  it('keeps what was reported last when an older report comes late, in the same term and generation', async () => {
    const credential = await enroll('lon');
    await renew(credential, 'h');
    const row = spaceRow('lon', { want: 'running' });
    await putSpace(row);
    await report(credential, 1n, { id: row.id, sequence: 8n });
    await report(credential, 1n, { id: row.id, sequence: 10n });
    expect(await report(credential, 1n, { id: row.id, sequence: 9n, workload: 'starting' })).toMatchObject({
      persistedSequence: 9n,
    });
    expect(await store.get('spaceObserved', row.id)).toMatchObject({ sequence: 10, observed: { workload: 'healthy' } });
  });

  it('begins anew to count with a new term, as of a leaf that has lost its disk', async () => {
    const credential = await enroll('lon', randomUUID());
    await renew(credential, 'before');
    const row = spaceRow('lon', { want: 'running' });
    await putSpace(row);
    await report(credential, 1n, { id: row.id, sequence: 80n });
    await renew(credential, 'after');
    await report(credential, 2n, { id: row.id, sequence: 1n, workload: 'starting' });
    expect(await store.get('spaceObserved', row.id)).toMatchObject({ sequence: 1, observed: { workload: 'starting' } });
  });

  it('keeps the latest of a volume and of the location itself', async () => {
    const credential = await enroll('lon');
    await renew(credential, 'h');
    const id = newId();
    await putVolume(id, 'name = "x"');
    const say = (sequence: bigint, state: string, orphans: readonly string[]) =>
      client.unary(
        sync.Sync.method.reportStatus,
        create(sync.ReportStatusRequestSchema, {
          term: 1n,
          volumes: [{ id, sequence, observedGeneration: 1n, state }],
          location: {
            sequence,
            queueDepth: Number(sequence),
            orphansListed: true,
            orphans: orphans.map((spaceId) => ({ spaceId, platform: 'nomad' })),
          },
        }),
        call(credential),
      );
    await say(2n, 'ready', []);
    await say(1n, 'missing', [newId()]);
    expect(await store.get('volumeObserved', id)).toMatchObject({ state: 'ready', sequence: 2 });
    expect(await store.get('locationStatus', 'lon')).toMatchObject({ queueDepth: 2, sequence: 2 });
    expect((await store.page('orphan', { where: { location: 'lon' }, limit: 5 })).rows).toEqual([]);
  });

  it('takes every word of a leaf that does not count what it says of itself', async () => {
    const credential = await enroll('lon');
    await renew(credential, 'h');
    for (const queueDepth of [7, 3]) {
      const request = create(sync.ReportStatusRequestSchema, { term: 1n, location: { queueDepth } });
      await client.unary(sync.Sync.method.reportStatus, request, call(credential));
    }
    expect(await store.get('locationStatus', 'lon')).toMatchObject({ queueDepth: 3 });
  });

  it('stores a repeated report once', async () => {
    const credential = await enroll('lon');
    await renew(credential, 'h');
    const row = spaceRow('lon', { want: 'running' });
    await putSpace(row);
    await report(credential, 1n, { id: row.id });
    const [{ rev }, stored] = [await store.head('events'), await store.get('spaceObserved', row.id)];
    expect(await report(credential, 1n, { id: row.id })).toMatchObject({ persistedSequence: 7n });
    expect(await store.head('events')).toMatchObject({ rev });
    expect(await store.get('spaceObserved', row.id)).toEqual(stored);
  });

  it('sends what is too much for one message in several, by List and by Watch', async () => {
    const credential = await enroll('lon');
    const definition = 'é'.repeat(400_000);
    const start = await store.head('location:lon');
    const ids = Array.from({ length: 9 }, () => newId());
    for (const id of ids) await putVolume(id, definition);
    const listed: string[] = [];
    let pageToken = '';
    do {
      const request = create(sync.ListRequestSchema, { pageToken });
      const page = await client.unary(sync.Sync.method.list, request, call(credential));
      for (const { object } of page.objects) if (object.case === 'volume') listed.push(object.value.id);
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
    expect(listed).toEqual([...ids].sort());

    const from = { epoch: start.epoch, rev: BigInt(start.rev), nonce: start.nonce };
    const watch = client.stream(sync.Sync.method.watch, create(sync.WatchRequestSchema, { from }), call(credential));
    const seen: string[] = [];
    for await (const { event } of watch) {
      if (event.case !== 'changes') continue;
      for (const { object } of event.value.upserts) if (object.case === 'volume') seen.push(object.value.id);
      if (seen.length === ids.length) break;
    }
    expect(seen.sort()).toEqual([...ids].sort());
  });

  it('drops a deleted space only on its finalized report, and tells the leaf', async () => {
    const credential = await enroll('lon');
    await renew(credential, 'h');
    const kept = spaceRow('lon', { want: 'running' });
    const gone = spaceRow('lon', { want: 'deleted', generation: 2 });
    await putSpace(kept);
    await putSpace(gone);
    await report(credential, 1n, { id: kept.id, finalized: true });
    await report(credential, 1n, { id: gone.id, observedGeneration: 2n });
    expect(await store.get('space', gone.id)).not.toBeNull();
    await report(credential, 1n, { id: gone.id, observedGeneration: 2n, finalized: true });
    expect(await store.get('space', gone.id)).toBeNull();
    expect(await store.get('space', kept.id)).not.toBeNull();
    const { scope, value } = spaceName(gone);
    expect(await store.holder(scope, value)).toBeNull();
  });

  it('takes the row of a user who is being deleted away with the last of the spaces', async () => {
    const credential = await enroll('lon');
    await renew(credential, 'h');
    const named = {
      username: 'bob',
      email: 'bob@example.com',
      passwordHash: '',
      role: 'user',
      timezone: 'UTC',
    } as const;
    const user = { ...NEW_USER, ...named, id: newId(), active: false, deletionRequestedAt: 1, createdAt: 1 };
    await store.commit({ expect: [], writes: [{ put: 'user', row: user }] });
    const spaces = [1, 2].map(() => spaceRow('lon', { want: 'deleted', generation: 2, ownerId: user.id }));
    for (const space of spaces) await putSpace(space);
    for (const { id } of spaces) {
      expect(await store.get('user', user.id)).not.toBeNull();
      await report(credential, 1n, { id, observedGeneration: 2n, finalized: true });
    }
    expect(await store.get('user', user.id)).toBeNull();
  });

  it('never lets a leaf write of another location', async () => {
    const credential = await enroll('lon');
    await renew(credential, 'h');
    const row = spaceRow('ams', { want: 'deleted' });
    await putSpace(row);
    await report(credential, 1n, { id: row.id, finalized: true });
    expect(await store.get('space', row.id)).not.toBeNull();
    expect(await store.get('spaceObserved', row.id)).toBeNull();
  });

  it('cuts the stream of an instance that is revoked', async () => {
    const instance = randomUUID();
    const credential = await enroll('lon', instance);
    const { epoch, rev, nonce } = await store.head('location:lon');
    const from = { epoch, rev: BigInt(rev), nonce };
    const watch = client.stream(sync.Sync.method.watch, create(sync.WatchRequestSchema, { from }), {
      signal: AbortSignal.timeout(10_000),
      credential,
    });
    expect((await watch.next()).value?.event.case).toBe('bookmark');
    const [row] = await origin.credentials.ofLocation('lon');
    if (!row) throw new Error('no credential');
    await store.commit({
      expect: [{ kind: 'leafCredential', id: row.id, version: row.version }],
      writes: [{ put: 'leafCredential', row: { ...row, revokedAt: Date.now() } }],
    });
    origin.credentials.announceRevocation({ location: 'lon', instance });
    await expect(watch.next()).rejects.toMatchObject({ code: 'auth.failed' });
  });
});
