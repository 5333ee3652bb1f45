import { create, toJsonString } from '@bufbuild/protobuf';
import { sync } from '@knot/contract';
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { wireSnapshot, wireSpace } from '../sync/to-wire.js';
import { TestOrigin, type Ask } from '../testing/test-origin.js';

let test: TestOrigin;
let admin: Ask;
let templateId: string;

beforeEach(async () => {
  test = await TestOrigin.open();
  admin = await test.admin();
  await test.liveLocation('ams');
  const { body } = await admin('POST', '/api/v1/templates', {
    body: { name: 't', platform: 'nomad', job: 'job "x" {}' },
  });
  templateId = body.id;
});

afterEach(() => test.close());

async function running(name: string): Promise<string> {
  const { body } = await admin('POST', '/api/v1/spaces', { body: { name, templateId, location: 'ams' } });
  expect((await admin('POST', `/api/v1/spaces/${body.id}/start`)).status).toBe(202);
  return body.id;
}

/** What a leaf says of a space that the origin has lost. */
async function orphan(id: string): Promise<string> {
  const { store, vault, keys } = test.origin;
  const row = await store.get('space', id);
  const sealed = row && (await store.get('snapshot', row.snapshotHash));
  if (!row || !sealed) throw new Error('not started');
  const wire = wireSpace(row, 'ann', [], wireSnapshot(vault.open(sealed)), null).object;
  if (wire?.case !== 'space') throw new Error('no space');
  const lastKnown = keys.sealText(
    toJsonString(sync.SpaceSchema, create(sync.SpaceSchema, wire.value)),
    `orphan:ams/${id}`,
  );
  const orphanRow = {
    id: `ams/${id}`,
    spaceId: id,
    location: 'ams',
    platform: 'nomad' as const,
    ownerName: 'ann',
    name: row.name,
  };
  await store.commit({
    expect: [],
    unique: [{ release: 'space.name', value: `${row.ownerId}/${row.name}`, id }],
    writes: [
      { delete: 'space', id },
      { delete: 'snapshot', id: row.snapshotHash },
      { put: 'orphan', row: { ...orphanRow, createdAt: 1, seenAt: 2, lastKnown } },
    ],
  });
  return row.snapshotHash;
}

describe('a location', () => {
  it('shows its leaf, what it can do, its lag, and grows silent by itself', async () => {
    await running('dev');
    const { body } = await admin('GET', '/api/v1/locations/ams');
    expect(body).toMatchObject({
      live: true,
      spaces: 1,
      orphans: 0,
      leaf: { term: 1, version: '0.1.0' },
      hasToken: false,
    });
    expect(body.lag).toBeGreaterThan(0);
    expect(body.platforms.map(({ platform }: { platform: string }) => platform)).toEqual(['nomad', 'local']);
    test.pass(60_000);
    expect((await admin('GET', '/api/v1/locations')).body.items).toMatchObject([
      { name: 'ams', live: false, liveUntil: 0 },
    ]);
    expect((await admin('GET', '/api/v1/spaces')).body.items).toMatchObject([{ phase: 'Unknown', live: false }]);
  });

  it('gets a token of its own that is shown once and kept hashed', async () => {
    const { status, body } = await admin('POST', '/api/v1/locations/new/token');
    expect(status).toBe(201);
    expect(body.token).toMatch(/^knloc_/);
    expect(JSON.stringify(await test.origin.store.get('location', 'new'))).not.toContain(body.token);
    expect((await admin('GET', '/api/v1/locations/new')).body).toMatchObject({
      hasToken: true,
      live: false,
      leaf: null,
    });
  });

  it('lets a waiting instance in at an administrator’s word, and cuts a revoked one', async () => {
    const { store, sync: service } = test.origin;
    const instance = randomUUID();
    const row = await store.get('location', 'ams');
    if (!row) throw new Error('no location');
    const { version, ...rest } = row;
    const waiting = { id: instance, secretHash: 'x', state: 'waiting' as const, address: '10.0.0.1', since: 1 };
    const issued = service.credentials.issue({ location: 'ams', instance }, Date.now());
    await store.commit({
      expect: [{ kind: 'location', id: 'ams', version }],
      writes: [
        { put: 'location', row: { ...rest, instances: [waiting] } },
        { put: 'leafCredential', row: issued.row },
      ],
    });
    expect((await admin('GET', '/api/v1/locations')).body.items[0].waiting).toBe(1);
    const approved = await admin('POST', `/api/v1/locations/ams/instances/${instance}/approve`);
    expect(approved.body.instances).toMatchObject([{ id: instance, state: 'let-in' }]);
    const cut: string[] = [];
    service.credentials.onRevocation((identity) => cut.push(identity.instance));
    const revoked = await admin('POST', `/api/v1/locations/ams/instances/${instance}/revoke`);
    expect(revoked.body.instances).toMatchObject([{ state: 'revoked' }]);
    expect(cut).toEqual([instance]);
    await expect(service.credentials.verify(issued.credential, Date.now())).rejects.toMatchObject({
      code: 'auth.failed',
    });
    expect(JSON.stringify(revoked.body)).not.toContain('secretHash');
  });

  it('tells its leaf a new policy', async () => {
    const head = await test.origin.store.head('location:ams');
    const ports = { share: 'users', public: false };
    const body = { drivers: ['docker', 'raw_exec'], hostVolumes: [], ports, leafWishes: false };
    expect((await admin('PUT', '/api/v1/locations/ams/policy', { body })).body.policy).toEqual(body);
    const log = await test.origin.store.log('location:ams', head, 5);
    expect(log).toMatchObject([{ kind: 'location', id: 'ams', op: 'put' }]);
  });
});

describe('an orphan', () => {
  it('adopted is the space it was: same id, same snapshot, a later generation', async () => {
    const id = await running('dev');
    const hash = await orphan(id);
    expect((await admin('GET', '/api/v1/locations/ams/orphans')).body.items).toMatchObject([
      { spaceId: id, name: 'dev', adoptable: true },
    ]);
    const adopted = await admin('POST', `/api/v1/locations/ams/orphans/${id}/adopt`, { body: {} });
    expect(adopted).toMatchObject({
      status: 201,
      body: { id, name: 'dev', owner: { username: 'ann' }, want: 'running', generation: 3 },
    });
    const row = await test.origin.store.get('space', id);
    expect(row?.snapshotHash).toBe(hash);
    expect(await test.origin.store.get('snapshot', hash)).not.toBeNull();
    expect((await admin('GET', '/api/v1/locations/ams/orphans')).body.items).toEqual([]);
    expect((await admin('POST', '/api/v1/spaces', { body: { name: 'DEV', templateId } })).status).toBe(409);
  });

  it('adopted needs an owner who exists, and may get another name', async () => {
    const id = await running('dev');
    await orphan(id);
    await running('dev');
    const adopt = (body: object) => admin('POST', `/api/v1/locations/ams/orphans/${id}/adopt`, { body });
    expect((await adopt({ owner: 'nobody' })).body.code).toBe('input.invalid');
    expect((await adopt({})).body.code).toBe('resource.exists');
    expect((await adopt({ name: 'dev2' })).body).toMatchObject({ id, name: 'dev2' });
  });

  it('removed becomes a row whose leaf is told to delete, after its name was said', async () => {
    const id = await running('dev');
    await orphan(id);
    const remove = (confirm: string) =>
      admin('POST', `/api/v1/locations/ams/orphans/${id}/remove`, { body: { confirm } });
    expect((await remove('no')).body.code).toBe('confirm.required');
    expect(await remove('dev')).toMatchObject({
      status: 202,
      body: { kind: 'orphan.remove', generation: 3, state: 'pending' },
    });
    expect((await admin('GET', `/api/v1/spaces/${id}`)).body).toMatchObject({ phase: 'Deleting', want: 'deleted' });
  });
});

describe('a dead location', () => {
  it('given up leaves its spaces as orphans that can be adopted once its leaf is back', async () => {
    const id = await running('dev');
    await admin('POST', '/api/v1/spaces', { body: { name: 'never', templateId, location: 'ams' } });
    const forget = (confirm: string) => admin('POST', '/api/v1/locations/ams/force-forget', { body: { confirm } });
    expect((await forget('ams')).body.code).toBe('state.refused');
    test.pass(60_000);
    expect((await forget('x')).body.code).toBe('confirm.required');
    expect((await forget('ams')).body).toEqual({ location: 'ams', spaces: 1 });
    expect((await admin('GET', '/api/v1/locations/ams')).status).toBe(404);
    expect((await admin('GET', '/api/v1/spaces')).body.items).toEqual([]);
    await test.liveLocation('ams');
    const adopted = await admin('POST', `/api/v1/locations/ams/orphans/${id}/adopt`, { body: {} });
    expect(adopted.body).toMatchObject({ id, name: 'dev', want: 'running', generation: 3 });
  });

  it('given up takes all its volumes and credentials along, however many', async () => {
    const { store } = test.origin;
    const counts = [...Array(501).keys()];
    const volume = { platform: 'nomad', location: 'ams', definition: '', want: 'absent', generation: 1 } as const;
    const credential = { location: 'ams', instance: 'i', secretHash: '', expiresAt: 1, revokedAt: 0 };
    await store.commit({
      expect: [],
      unique: counts.map((n) => ({ claim: 'volume.name', value: `v${n}`, id: `v${n}` })),
      writes: counts.flatMap((n) => [
        { put: 'volume' as const, row: { ...volume, id: `v${n}`, name: `v${n}`, createdAt: n } },
        { put: 'leafCredential' as const, row: { ...credential, id: `c${n}`, createdAt: n } },
      ]),
    });
    test.pass(60_000);
    await admin('POST', '/api/v1/locations/ams/force-forget', { body: { confirm: 'ams' } });
    const gone = [await store.get('location', 'ams'), await store.get('lease', 'ams')];
    expect(gone).toEqual([null, null]);
    expect(await store.count('volume', { location: 'ams' })).toBe(0);
    expect(await store.count('leafCredential', { location: 'ams' })).toBe(0);
    expect(await store.holder('volume.name', 'v500')).toBeNull();
  });

  it('of whose spaces many are deleted at once is asked about twice', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 12; i += 1) ids.push(await running(`s${i}x`));
    const bulk = (sure?: boolean) =>
      admin('POST', '/api/v1/locations/ams/bulk-delete', { body: { spaceIds: ids, sure } });
    expect((await bulk()).body).toMatchObject({ code: 'confirm.required', most: 10 });
    expect((await admin('GET', '/api/v1/spaces?phase=Deleting')).body.items).toEqual([]);
    expect((await bulk(true)).body.spaceIds).toHaveLength(12);
    expect((await admin('GET', '/api/v1/spaces?phase=Deleting')).body.items).toHaveLength(12);
  });
});
