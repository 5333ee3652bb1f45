import { create } from '@bufbuild/protobuf';
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sync, type SyncClient } from '@knot/contract';
import { TestOrigin, type Ask } from '../testing/test-origin.js';

let test: TestOrigin;
let admin: Ask;
let leaf: SyncClient;
let templateId: string;
let space: { readonly id: string; readonly generation: number };

beforeEach(async () => {
  test = await TestOrigin.open();
  admin = await test.admin();
  await test.liveLocation();
  leaf = await test.origin.sync.ownLocation('home', randomUUID());
  const wanted = { name: 't', platform: 'nomad', job: 'job "x" {}' };
  templateId = (await admin('POST', '/api/v1/templates', { body: wanted })).body.id;
  space = (await admin('POST', '/api/v1/spaces', { body: { name: 'one', templateId } })).body;
}, 60_000);

afterEach(() => test.close());

const read = async () => (await admin('GET', `/api/v1/spaces/${space.id}`)).body;

function wish(want: sync.Want, { generation = space.generation, client = leaf, by = 'kubectl-patch' } = {}) {
  const request = { spaceId: space.id, want, generation: BigInt(generation), by };
  return client.wish(create(sync.WishRequestSchema, request), { signal: AbortSignal.timeout(20_000) });
}

async function allow(leafWishes: boolean): Promise<void> {
  const body = { drivers: [], hostVolumes: [], leafWishes };
  expect((await admin('PUT', '/api/v1/locations/home/policy', { body })).body.policy).toMatchObject(body);
}

it('is refused until an administrator allows it for the location, which another edit of the policy leaves alone', async () => {
  await expect(wish(sync.Want.RUNNING)).rejects.toMatchObject({ code: 'access.denied' });
  await allow(true);
  const body = { drivers: ['docker'], hostVolumes: [] };
  expect((await admin('PUT', '/api/v1/locations/home/policy', { body })).body.policy.leafWishes).toBe(true);
  expect(await wish(sync.Want.RUNNING)).toMatchObject({ generation: BigInt(space.generation + 1) });
  expect(await read()).toMatchObject({ want: 'running', wishedBy: 'ann' });
  const { items } = (await admin('GET', '/api/v1/audit?action=space.start')).body;
  expect(items).toMatchObject([{ actor: 'location:home by kubectl-patch', subjectId: space.id, location: 'home' }]);
});

it('is one of the owner: their quota counts, and nobody who is deactivated has a space started', async () => {
  await allow(true);
  const body = { username: 'bob', email: 'bob@example.com', password: 'correct horse battery', maxRunning: 1 };
  const bob = (await admin('POST', '/api/v1/users', { body })).body;
  const asBob = await test.signIn('bob', 'correct horse battery');
  const made = async (name: string) => (await asBob('POST', '/api/v1/spaces', { body: { name, templateId } })).body;
  space = await made('first');
  await wish(sync.Want.RUNNING);
  const first = space;
  space = await made('second');
  await expect(wish(sync.Want.RUNNING)).rejects.toMatchObject({ code: 'quota.exceeded' });
  const { version } = (await admin('GET', `/api/v1/users/${bob.id}`)).body;
  const off = { body: { active: false }, headers: { 'if-match': `"${version}"` } };
  expect((await admin('PATCH', `/api/v1/users/${bob.id}`, off)).status).toBe(200);
  await expect(wish(sync.Want.RUNNING)).rejects.toMatchObject({ code: 'state.refused' });
  expect((await admin('GET', `/api/v1/spaces/${first.id}`)).body.want).toBe('stopped');
});

it('is refused for a space of another location, over an older generation, and for anything but run and stop', async () => {
  await allow(true);
  const foreign = await test.origin.sync.ownLocation('other', randomUUID());
  await test.origin.store.commit({
    expect: [],
    writes: [
      {
        put: 'location',
        row: {
          ...{ id: 'other', builtIn: true, tokenHash: '', instances: [], createdAt: 0 },
          policy: { drivers: [], hostVolumes: [], leafWishes: true },
        },
      },
    ],
  });
  await expect(wish(sync.Want.RUNNING, { client: foreign })).rejects.toMatchObject({ code: 'resource.not_found' });
  await expect(wish(sync.Want.DELETED)).rejects.toMatchObject({ code: 'input.invalid' });
  await wish(sync.Want.RUNNING);
  // the same once more, as after an answer that was lost
  await expect(wish(sync.Want.RUNNING)).rejects.toMatchObject({ code: 'resource.version' });
  const { generation } = await read();
  expect(await wish(sync.Want.STOPPED, { generation, by: 'x; "y"\n' })).toMatchObject({
    generation: BigInt(generation + 1),
  });
  expect((await admin('GET', '/api/v1/audit?action=space.stop')).body.items[0].actor).toBe('location:home by x-y-');
});
