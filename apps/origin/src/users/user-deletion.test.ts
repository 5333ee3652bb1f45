import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Deeds } from '../deeds/deeds.js';
import { PASSWORD, TestOrigin, type Ask } from '../testing/test-origin.js';
import { UserDeletion } from './user-deletion.js';

let test: TestOrigin;
let admin: Ask;
let templateId: string;

beforeEach(async () => {
  test = await TestOrigin.open();
  admin = await test.admin();
  await test.liveLocation();
  const body = { name: 't', platform: 'nomad', job: 'job "x" {}' };
  templateId = (await admin('POST', '/api/v1/templates', { body })).body.id;
});

afterEach(() => test.close());

async function user(username: string, more: object = {}): Promise<{ id: string; ask: Ask }> {
  const body = { username, email: `${username}@example.com`, password: PASSWORD, ...more };
  const { id } = (await admin('POST', '/api/v1/users', { body })).body;
  return { id, ask: await test.signIn(username) };
}

async function space(ask: Ask, name: string, isStarted: boolean): Promise<string> {
  const { id } = (await ask('POST', '/api/v1/spaces', { body: { name, templateId } })).body;
  if (isStarted) expect((await ask('POST', `/api/v1/spaces/${id}/start`)).status).toBe(202);
  return id;
}

/** The row goes, as with the leaf's last word. */
async function vanish(id: string): Promise<void> {
  await test.origin.store.commit({ expect: [], writes: [{ delete: 'space', id }] });
}

function deletion(): UserDeletion {
  const { store } = test.origin;
  const newId = () => crypto.randomUUID();
  return new UserDeletion({ store, clock: test.clock, newId, deeds: new Deeds(store, test.clock, newId) });
}

describe('the deletion of a user', () => {
  it('lists before what goes', async () => {
    const { body: group } = await admin('POST', '/api/v1/groups', { body: { name: 'compilers' } });
    const bob = await user('bob', { groups: [group.id] });
    await bob.ask('POST', '/api/v1/tokens', { body: { name: 'laptop', scopes: ['read'] } });
    const id = await space(bob.ask, 'web', true);
    await space(bob.ask, 'api', false);
    expect(await admin('GET', `/api/v1/users/${bob.id}/deletion`)).toMatchObject({
      status: 200,
      body: {
        username: 'bob',
        spaces: [
          { name: 'api', location: 'home', want: 'stopped', volumes: [] },
          { id, name: 'web', want: 'running' },
        ],
        tokens: ['laptop'],
        sessions: 1,
        groups: ['compilers'],
        deletionRequestedAt: 0,
      },
    });
  });

  it('needs the name, and a word for the spaces', async () => {
    const bob = await user('bob');
    await space(bob.ask, 'web', false);
    const path = `/api/v1/users/${bob.id}`;
    const answers = [
      await admin('DELETE', `${path}?confirm=bob`),
      await admin('DELETE', `${path}?spaces=delete`),
      await admin('DELETE', `${path}?spaces=delete&confirm=Bob`),
      await admin('DELETE', `${path}?spaces=keep&confirm=bob`),
    ];
    expect(answers.map(({ body }) => body.code)).toEqual([
      'resource.in_use',
      'confirm.required',
      'confirm.required',
      'input.invalid',
    ]);
    expect(answers[1]?.body.detail).toContain('with 1 space and all their volumes');
    expect((await bob.ask('GET', '/api/v1/spaces')).body.items).toHaveLength(1);
  });

  it('asks the leaves for the end of the spaces, and lets the user in no more', async () => {
    const bob = await user('bob');
    const { body: made } = await bob.ask('POST', '/api/v1/tokens', { body: { name: 'laptop', scopes: ['read'] } });
    const started = await space(bob.ask, 'web', true);
    const fresh = await space(bob.ask, 'api', false);
    const before = await test.origin.store.head('location:home');
    expect((await admin('DELETE', `/api/v1/users/${bob.id}?spaces=delete&confirm=bob`)).status).toBe(204);
    const told = await test.origin.store.log('location:home', before, 10);
    expect(told.map(({ id, op }) => `${op} ${id}`).sort()).toEqual([`delete ${fresh}`, `put ${started}`]);
    expect(await test.origin.store.get('space', started)).toMatchObject({ want: 'deleted' });
    expect((await bob.ask('GET', '/api/v1/me')).status).toBe(401);
    expect((await test.as({ authorization: `Bearer ${made.token}` })('GET', '/api/v1/me')).status).toBe(401);
    await expect(test.signIn('bob')).rejects.toThrow();
    const { body } = await admin('GET', `/api/v1/users/${bob.id}`);
    expect(body).toMatchObject({ active: false, spaces: 1, deletionRequestedAt: expect.any(Number) });
    expect(body.deletionRequestedAt).toBeGreaterThan(0);
    const activate = await admin('PATCH', `/api/v1/users/${bob.id}`, { body: { active: true } });
    expect(activate.body).toMatchObject({ code: 'state.refused' });
    const { items } = (await admin('GET', '/api/v1/audit?action=space.delete')).body;
    expect(
      items.map(({ actor, details }: { actor: string; details: { name: string } }) => [actor, details.name]),
    ).toEqual(
      expect.arrayContaining([
        ['ann', 'web'],
        ['ann', 'api'],
      ]),
    );
  });

  it('ends with the last space, and the name is free again', async () => {
    const bob = await user('bob');
    const id = await space(bob.ask, 'web', true);
    const path = `/api/v1/users/${bob.id}`;
    await admin('DELETE', `${path}?spaces=delete&confirm=bob`);
    await deletion().finish(bob.id);
    expect((await admin('DELETE', `${path}?spaces=delete&confirm=bob`)).status).toBe(204);
    expect((await admin('GET', path)).status).toBe(200);
    await vanish(id);
    await Promise.all([deletion().finish(bob.id), deletion().finish(bob.id)]);
    expect((await admin('GET', path)).status).toBe(404);
    expect((await admin('GET', '/api/v1/audit?action=user.gone')).body.items).toHaveLength(1);
    await user('bob');
  });

  it('of spaces never started is over at once', async () => {
    const bob = await user('bob');
    await space(bob.ask, 'web', false);
    await admin('DELETE', `/api/v1/users/${bob.id}?spaces=delete&confirm=bob`);
    expect((await admin('GET', `/api/v1/users/${bob.id}`)).status).toBe(404);
  });

  it('never touches a user who was not to go', async () => {
    const bob = await user('bob');
    await deletion().goOn(bob.id);
    await deletion().finish(bob.id);
    expect((await bob.ask('GET', '/api/v1/me')).status).toBe(200);
  });

  it('takes the right to delete the spaces too', async () => {
    const { body: role } = await admin('POST', '/api/v1/roles', {
      body: { name: 'Desk', permissions: ['users.manage'] },
    });
    const desk = await user('desk', { roles: ['user', role.id] });
    const bob = await user('bob');
    const id = await space(bob.ask, 'web', false);
    const answer = await desk.ask('DELETE', `/api/v1/users/${bob.id}?spaces=delete&confirm=bob`);
    expect(answer).toMatchObject({ status: 403, body: { code: 'access.denied' } });
    expect(answer.body.detail).toContain('spaces.manage');
    await bob.ask('DELETE', `/api/v1/spaces/${id}?confirm=web`);
    expect((await desk.ask('DELETE', `/api/v1/users/${bob.id}?confirm=bob`)).status).toBe(204);
  });
});
