import { fromBinary, toBinary, create } from '@bufbuild/protobuf';
import { sync } from '@knot/contract';
import type { NewRow } from '@knot/shared/store';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ObjectReader } from '../sync/object-reader.js';
import { WireSnapshots } from '../sync/wire-snapshots.js';
import { PASSWORD, TestOrigin, type Answer, type Ask } from '../testing/test-origin.js';
import { OfferSweep } from './offer-sweep.js';

let test: TestOrigin;
let admin: Ask;
let bob: Ask;
let eve: Ask;
let template: string;
let space: string;

beforeEach(async () => {
  test = await TestOrigin.open();
  admin = await test.admin();
  await test.liveLocation();
  [bob, eve] = [await user('bob'), await user('eve')];
  const job = { name: 't', platform: 'nomad', job: 'job "x" {}' };
  template = (await ok(admin('POST', '/api/v1/templates', { body: job }))).id;
  space = (await ok(bob('POST', '/api/v1/spaces', { body: { name: 'plan', templateId: template } }))).id;
}, 60_000);

afterEach(() => test.close());

async function user(username: string, more: object = {}): Promise<Ask> {
  await ok(
    admin('POST', '/api/v1/users', { body: { username, email: `${username}@x.y`, password: PASSWORD, ...more } }),
  );
  return test.signIn(username);
}

async function ok(asked: Promise<Answer>): Promise<Answer['body']> {
  const { status, body } = await asked;
  if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body;
}

async function offer(deed: 'share' | 'transfer', to: string, from = bob): Promise<string> {
  return (await ok(from('POST', `/api/v1/spaces/${space}/${deed}`, { body: { user: to } }))).id;
}

const idOf = async (who: Ask): Promise<string> => (await ok(who('GET', '/api/v1/me'))).id;

/** What the leaf of the space is told of it. */
async function told(): Promise<sync.Space> {
  const { store, vault } = test.origin;
  const row = await store.get('space', space);
  const [object] = await new ObjectReader(store, new WireSnapshots(store, vault)).spaces(row ? [row] : [], false);
  const wire = fromBinary(sync.ObjectSchema, toBinary(sync.ObjectSchema, create(sync.ObjectSchema, object)));
  if (wire.object.case !== 'space') throw new Error('no space');
  return wire.object.value;
}

describe('a shared space', () => {
  it('is theirs to see, start and enter once they agree, and not to change', async () => {
    const id = await offer('share', 'Eve');
    expect((await eve('GET', `/api/v1/spaces/${space}`)).status).toBe(404);
    const { items } = await ok(eve('GET', '/api/v1/offers'));
    expect(items).toMatchObject([
      { id, deed: 'share', state: 'open', from: { username: 'bob' }, to: { username: 'eve' }, space: { name: 'plan' } },
    ]);
    await ok(eve('POST', `/api/v1/offers/${id}/accept`));
    expect(await ok(bob('GET', `/api/v1/spaces/${space}`))).toMatchObject({ sharedWith: [{ username: 'eve' }] });
    expect((await ok(eve('GET', '/api/v1/spaces?shared=with-me'))).items).toMatchObject([{ id: space }]);
    expect((await ok(eve('GET', '/api/v1/spaces'))).items).toEqual([]);
    const { reachable } = await ok(eve('GET', '/api/v1/me/access'));
    expect(reachable.find((one: { kind: string }) => one.kind === 'space')).toMatchObject({ why: 'bob shares it.' });
    expect((await eve('POST', `/api/v1/spaces/${space}/start`)).status).toBe(202);
    expect((await eve('POST', `/api/v1/spaces/${space}/tickets`, { body: { action: 'terminal' } })).status).toBe(200);
    const refused = [
      await eve('PATCH', `/api/v1/spaces/${space}`, { body: { name: 'mine' } }),
      await eve('DELETE', `/api/v1/spaces/${space}?confirm=plan`),
      await eve('POST', `/api/v1/spaces/${space}/update`),
      await eve('POST', `/api/v1/spaces/${space}/share`, { body: { user: 'ann' } }),
      await eve('POST', `/api/v1/spaces/${space}/transfer`, { body: { user: 'eve' } }),
    ];
    expect(refused.map(({ status }) => status)).toEqual(Array(5).fill(403));
    expect((await told()).memberIds).toEqual([await idOf(bob), await idOf(eve)]);
  });

  it.each(['the owner', 'the receiver'])('is shared no more when %s says so', async (side) => {
    const id = await offer('share', 'eve');
    await ok(eve('POST', `/api/v1/offers/${id}/accept`));
    const before = await test.origin.store.head('location:home');
    const who = side === 'the owner' ? bob : eve;
    expect((await who('DELETE', `/api/v1/offers/${id}`)).status).toBe(204);
    expect((await eve('GET', `/api/v1/spaces/${space}`)).status).toBe(404);
    expect((await ok(eve('GET', '/api/v1/spaces?shared=with-me'))).items).toEqual([]);
    expect((await told()).memberIds).toEqual([await idOf(bob)]);
    expect(await test.origin.store.log('location:home', before, 10)).toMatchObject([{ kind: 'space', id: space }]);
    // and may be offered again
    await offer('share', 'eve');
  });

  it('is told to the leaf without a sharer who is deactivated', async () => {
    await ok(eve('POST', `/api/v1/offers/${await offer('share', 'eve')}/accept`));
    const eveId = await idOf(eve);
    const before = await test.origin.store.head('location:home');
    await ok(admin('PATCH', `/api/v1/users/${eveId}`, { body: { active: false } }));
    expect(await test.origin.store.log('location:home', before, 10)).toMatchObject([{ kind: 'space', id: space }]);
    expect((await told()).memberIds).toEqual([await idOf(bob)]);
  });
});

describe('a transfer', () => {
  it('gives the space to the receiver, stopped, with a new password and nobody in it', async () => {
    await user('joe');
    await ok(bob('POST', `/api/v1/spaces/${space}/start`));
    const joe = await test.signIn('joe');
    await ok(joe('POST', `/api/v1/offers/${await offer('share', 'joe')}/accept`));
    const before = await test.origin.store.get('space', space);
    const id = await offer('transfer', 'eve');
    expect((await bob('POST', `/api/v1/offers/${id}/accept`)).status).toBe(404);
    expect(await ok(eve('POST', `/api/v1/offers/${id}/accept`))).toMatchObject({
      owner: { username: 'eve' },
      want: 'stopped',
      sharedWith: [],
      generation: (before?.generation ?? 0) + 1,
      operation: { kind: 'space.transfer' },
    });
    const after = await test.origin.store.get('space', space);
    expect(after?.servicePassword).not.toBe(before?.servicePassword);
    expect(await told()).toMatchObject({ want: sync.Want.STOPPED, ownerUsername: 'eve' });
    for (const former of [bob, joe]) expect((await former('GET', `/api/v1/spaces/${space}`)).status).toBe(404);
    expect((await ok(eve('GET', '/api/v1/offers'))).items).toEqual([]);
    await ok(eve('POST', `/api/v1/spaces/${space}/start`));
    const started = await told();
    expect(JSON.parse(started.snapshot?.data ?? '')).toMatchObject({ user: { username: 'eve' } });
    const { items } = await ok(admin('GET', `/api/v1/audit?subject=${space}`));
    expect(items.find((entry: { action: string }) => entry.action === 'space.transfer.accept')).toMatchObject({
      actor: 'eve',
      details: { owner: { before: 'bob', after: 'eve' } },
    });
  });

  it('takes another name where the receiver has one of this name', async () => {
    await ok(eve('POST', '/api/v1/spaces', { body: { name: 'Plan', templateId: template } }));
    const id = await offer('transfer', 'eve');
    expect(await ok(eve('POST', `/api/v1/offers/${id}/accept`))).toMatchObject({ name: 'plan-1' });
    // the name is free again for whom it was
    await ok(bob('POST', '/api/v1/spaces', { body: { name: 'plan', templateId: template } }));
  });

  it('never exceeds what the receiver may have, however many come at once', async () => {
    const tim = await user('tim', { maxSpaces: 2 });
    const ids: string[] = [];
    for (let count = 0; count < 6; count += 1) {
      space = (await ok(bob('POST', '/api/v1/spaces', { body: { name: `s-${count}`, templateId: template } }))).id;
      ids.push(await offer('transfer', 'tim'));
    }
    const answers = await Promise.all(ids.map((id) => tim('POST', `/api/v1/offers/${id}/accept`)));
    expect(answers.map(({ status }) => status).filter((status) => status === 200)).toHaveLength(2);
    expect(answers.filter(({ body }) => body.code === 'quota.exceeded')).toHaveLength(4);
    expect((await ok(tim('GET', '/api/v1/spaces'))).items).toHaveLength(2);
  });

  it('is refused where the template is not open to the receiver, or names volumes by the user', async () => {
    const group = await ok(admin('POST', '/api/v1/groups', { body: { name: 'g' } }));
    const change = (body: object) =>
      admin('PUT', `/api/v1/templates/${template}`, { body: { name: 't', job: 'job "x" {}', ...body } });
    const id = await offer('transfer', 'eve');
    await ok(change({ groups: [group.id] }));
    expect(await eve('POST', `/api/v1/offers/${id}/accept`)).toMatchObject({
      status: 403,
      body: { code: 'access.denied' },
    });
    await ok(change({ groups: [], volumes: 'volumes:\n  - name: home_${{ .user.username }}\n' }));
    await ok(bob('POST', `/api/v1/spaces/${space}/start`));
    const answer = await eve('POST', `/api/v1/offers/${id}/accept`);
    expect(answer).toMatchObject({ status: 409, body: { code: 'state.refused' } });
    expect((await ok(bob('GET', `/api/v1/spaces/${space}`))).owner.username).toBe('bob');
  });

  it('does not happen to somebody who was deactivated meanwhile, or may not have spaces', async () => {
    const id = await offer('transfer', 'eve');
    const eveId = await idOf(eve);
    await ok(admin('PATCH', `/api/v1/users/${eveId}`, { body: { roles: [] } }));
    expect((await eve('POST', `/api/v1/offers/${id}/accept`)).status).toBe(403);
    await ok(admin('PATCH', `/api/v1/users/${eveId}`, { body: { active: false } }));
    expect((await eve('POST', `/api/v1/offers/${id}/accept`)).status).toBe(401);
  });
});

describe('an offer', () => {
  it('is made by the owner, to another active user, once', async () => {
    const tried = async (who: Ask, deed: string, to: string) =>
      (await who('POST', `/api/v1/spaces/${space}/${deed}`, { body: { user: to } })).body.code;
    expect(await tried(eve, 'share', 'eve')).toBe('resource.not_found');
    expect(await tried(bob, 'share', 'nobody')).toBe('resource.not_found');
    expect(await tried(bob, 'transfer', 'bob')).toBe('input.invalid');
    await offer('share', 'eve');
    expect(await tried(bob, 'share', 'eve')).toBe('resource.exists');
    await offer('transfer', 'eve');
    expect(await tried(bob, 'transfer', 'ann')).toBe('resource.exists');
    expect(await tried(admin, 'share', 'ann')).toBeUndefined();
  });

  it('is no business of a third one', async () => {
    const joe = await user('joe');
    const id = await offer('share', 'eve');
    expect((await joe('DELETE', `/api/v1/offers/${id}`)).status).toBe(404);
    expect((await joe('POST', `/api/v1/offers/${id}/accept`)).status).toBe(404);
    expect((await joe('GET', `/api/v1/offers?space=${space}`)).status).toBe(404);
    expect((await ok(joe('GET', '/api/v1/offers'))).items).toEqual([]);
    expect((await ok(admin('GET', `/api/v1/offers?space=${space}`))).items).toHaveLength(1);
  });

  it('is not made of what is on the machine of its user', async () => {
    const { store } = test.origin;
    const row = await store.get('space', space);
    if (!row) throw new Error('no space');
    const { version: _, ...kept } = row;
    const moved: NewRow<'space'> = { ...kept, location: '~bob/laptop' };
    await store.commit({ expect: [], writes: [{ put: 'space', row: moved }] });
    for (const deed of ['share', 'transfer']) {
      const answer = await bob('POST', `/api/v1/spaces/${space}/${deed}`, { body: { user: 'eve' } });
      expect(answer).toMatchObject({ status: 403, body: { code: 'access.denied' } });
    }
  });

  it('goes with its space, and with its receiver', async () => {
    const { store } = test.origin;
    await ok(eve('POST', `/api/v1/offers/${await offer('share', 'eve')}/accept`));
    const eveId = await idOf(eve);
    await ok(admin('DELETE', `/api/v1/users/${eveId}?confirm=eve`));
    expect((await ok(bob('GET', `/api/v1/spaces/${space}`))).sharedWith).toEqual([]);
    const sweep = new OfferSweep(store);
    await sweep.run();
    expect(await store.count('offer', {})).toBe(0);
    expect((await store.get('space', space))?.sharedWith).toEqual([]);
    await offer('share', 'ann');
    await bob('DELETE', `/api/v1/spaces/${space}?confirm=plan`);
    await sweep.run();
    expect(await store.count('offer', {})).toBe(0);
  });
});
