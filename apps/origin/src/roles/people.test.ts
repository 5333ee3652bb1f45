import { ALL_PERMISSIONS } from '@knot/domain';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PASSWORD, TestOrigin, type Ask } from '../testing/test-origin.js';

let test: TestOrigin;
let admin: Ask;

beforeEach(async () => {
  test = await TestOrigin.open();
  admin = await test.admin();
  await test.liveLocation();
});

afterEach(() => test.close());

async function post(path: string, body: object): Promise<{ id: string }> {
  const answer = await admin('POST', `/api/v1/${path}`, { body });
  expect(answer).toMatchObject({ status: 201 });
  return answer.body;
}

async function user(username: string, more: object = {}): Promise<{ id: string; ask: Ask }> {
  const { id } = await post('users', { username, email: `${username}@x.y`, password: PASSWORD, ...more });
  return { id, ask: await test.signIn(username) };
}

describe('a role', () => {
  it('counts at the very next request of everybody who has it', async () => {
    const role = await post('roles', { name: 'Auditor', permissions: ['audit.see'] });
    const bob = await user('bob', { roles: ['user', role.id] });
    expect((await bob.ask('GET', '/api/v1/audit')).status).toBe(200);
    await admin('PATCH', `/api/v1/roles/${role.id}`, { body: { permissions: ['users.see'] } });
    expect((await bob.ask('GET', '/api/v1/audit')).status).toBe(403);
    expect((await bob.ask('GET', '/api/v1/users')).status).toBe(200);
    expect((await admin('DELETE', `/api/v1/roles/${role.id}?confirm=Auditor`)).body).toMatchObject({
      code: 'resource.in_use',
      members: 1,
    });
    await admin('PATCH', `/api/v1/users/${bob.id}`, { body: { roles: [] } });
    expect((await bob.ask('GET', '/api/v1/users')).status).toBe(403);
    expect((await bob.ask('GET', '/api/v1/me')).body.permissions).toEqual([]);
    expect((await admin('DELETE', `/api/v1/roles/${role.id}?confirm=Auditor`)).status).toBe(204);
  });

  it('is given by nobody who has less, and nobody acts on people who may more', async () => {
    const role = await post('roles', { name: 'Front desk', permissions: ['users.manage', 'roles.manage'] });
    const other = await post('roles', { name: 'Auditor', permissions: ['audit.see'] });
    const { ask, id } = await user('bob', { roles: ['user', role.id] });
    const ann = (await admin('GET', '/api/v1/me')).body.id;
    const auditor = await user('eve', { roles: ['user', other.id] });
    const carl = { username: 'carl', email: 'carl@x.y', password: PASSWORD };
    const refused = [
      await ask('POST', '/api/v1/roles', { body: { name: 'All', permissions: [...ALL_PERMISSIONS] } }),
      await ask('PATCH', `/api/v1/roles/${role.id}`, { body: { permissions: ['users.manage', 'audit.see'] } }),
      await ask('PATCH', `/api/v1/roles/${other.id}`, { body: { permissions: [] } }),
      await ask('PATCH', `/api/v1/users/${id}`, { body: { role: 'administrator' } }),
      await ask('PATCH', `/api/v1/users/${id}`, { body: { roles: ['user', role.id, other.id] } }),
      await ask('PATCH', `/api/v1/users/${ann}`, { body: { password: 'taken over by bob' } }),
      await ask('PATCH', `/api/v1/users/${auditor.id}`, { body: { password: 'taken over by bob' } }),
      await ask('DELETE', `/api/v1/users/${auditor.id}?confirm=eve`),
      await ask('POST', '/api/v1/users', { body: { ...carl, role: 'administrator' } }),
      await ask('POST', '/api/v1/users', { body: { ...carl, roles: [other.id] } }),
    ];
    expect(refused.map(({ status, body }) => [status, body.code])).toEqual(refused.map(() => [403, 'access.denied']));
    expect((await ask('POST', '/api/v1/users', { body: carl })).status).toBe(201);
    expect((await ask('POST', '/api/v1/roles', { body: { name: 'Less', permissions: ['users.manage'] } })).status).toBe(
      201,
    );
  });

  it('has a name of its own, and the one that is always there stays', async () => {
    const answers = [
      await admin('POST', '/api/v1/roles', { body: { name: 'administrator', permissions: [] } }),
      await admin('POST', '/api/v1/roles', { body: { name: 'x', permissions: ['of.tomorrow'] } }),
      await admin('PATCH', '/api/v1/roles/user', { body: { permissions: [] } }),
      await admin('DELETE', '/api/v1/roles/user?confirm=User'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 409, 409]);
    const { items } = (await admin('GET', '/api/v1/roles')).body;
    expect(items).toMatchObject([{ id: 'user', name: 'User', builtIn: true, members: 1 }]);
    expect((await admin('GET', '/api/v1/permissions')).body.items).toHaveLength(ALL_PERMISSIONS.length);
  });
});

describe('a group', () => {
  it('opens a template to its members and hides it from others', async () => {
    const group = await post('groups', { name: 'Compilers', maxRunning: 2 });
    const text = { platform: 'nomad', job: 'job "x" {}', locations: [] };
    const template = await post('templates', { name: 'gcc', ...text, groups: [group.id] });
    const [bob, eve] = [await user('bob', { groups: [group.id] }), await user('eve')];
    expect((await bob.ask('GET', '/api/v1/templates?q=gcc')).body.items).toHaveLength(1);
    expect((await eve.ask('GET', '/api/v1/templates?q=gcc')).body.items).toEqual([]);
    expect((await eve.ask('GET', `/api/v1/templates/${template.id}`)).status).toBe(404);
    const create = { body: { name: 'one', templateId: template.id } };
    expect((await eve.ask('POST', '/api/v1/spaces', create)).body.code).toBe('resource.not_found');
    const space = await bob.ask('POST', '/api/v1/spaces', create);
    expect(space.status).toBe(201);
    expect((await admin('POST', '/api/v1/spaces', create)).body).toMatchObject({ code: 'access.denied' });
    await admin('PATCH', `/api/v1/users/${bob.id}`, { body: { groups: [] } });
    expect((await bob.ask('POST', `/api/v1/spaces/${space.body.id}/start`)).body.code).toBe('access.denied');
    expect((await admin('DELETE', `/api/v1/groups/${group.id}?confirm=Compilers`)).body).toMatchObject({
      code: 'resource.in_use',
      members: 0,
      templates: 1,
    });
  });

  it('is named by what is there only', async () => {
    const nowhere = '0190b6c1-7e5a-7000-8000-000000000000';
    const body = { username: 'bob', email: 'b@x.y', password: PASSWORD };
    const answers = [
      await admin('POST', '/api/v1/users', { body: { ...body, groups: [nowhere] } }),
      await admin('POST', '/api/v1/users', { body: { ...body, roles: [nowhere] } }),
      await admin('POST', '/api/v1/templates', { body: { name: 't', platform: 'nomad', job: '', groups: [nowhere] } }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400]);
  });
});

describe('a template', () => {
  it('is placed and started only at its locations', async () => {
    await test.liveLocation('away');
    const text = { platform: 'nomad', job: 'job "x" {}' };
    const { id } = await post('templates', { name: 't', ...text, locations: ['away'] });
    const placed = await admin('POST', '/api/v1/spaces', { body: { name: 'one', templateId: id } });
    expect(placed.body.location).toBe('away');
    const refused = await admin('POST', '/api/v1/spaces', { body: { name: 'two', templateId: id, location: 'home' } });
    expect(refused.body).toMatchObject({ code: 'location.unavailable', locations: ['away'] });
    await admin('PUT', `/api/v1/templates/${id}`, { body: { name: 't', job: 'job "x" {}', locations: ['home'] } });
    expect((await admin('POST', `/api/v1/spaces/${placed.body.id}/start`)).body.code).toBe('location.unavailable');
  });

  it('with an exception starts only once somebody who may has approved it', async () => {
    const role = await post('roles', { name: 'Author', permissions: ['templates.manage', 'spaces.use'] });
    const { ask } = await user('bob', { roles: [role.id] });
    const body = { name: 't', platform: 'nomad', job: 'job "x" {}', exceptions: ['driver:raw_exec'] };
    const { id } = (await ask('POST', '/api/v1/templates', { body })).body;
    const space = (await ask('POST', '/api/v1/spaces', { body: { name: 'one', templateId: id } })).body;
    expect((await ask('POST', `/api/v1/spaces/${space.id}/start`)).body).toMatchObject({ code: 'template.policy' });
    expect((await ask('POST', `/api/v1/templates/${id}/versions/1/approve`)).status).toBe(403);
    await admin('POST', `/api/v1/templates/${id}/versions/1/approve`);
    expect((await ask('POST', `/api/v1/spaces/${space.id}/start`)).status).toBe(202);
  });
});

describe('what a person can reach', () => {
  it('is told with the reason, to the person and to whoever looks after users', async () => {
    const group = await post('groups', { name: 'Compilers' });
    const role = await post('roles', { name: 'Support', permissions: ['spaces.see'] });
    await post('templates', { name: 'gcc', platform: 'nomad', job: '', groups: [group.id] });
    await post('templates', {
      name: 'closed',
      platform: 'nomad',
      job: '',
      groups: [(await post('groups', { name: 'x' })).id],
    });
    const bob = await user('bob', { groups: [group.id], roles: ['user', role.id] });
    const open = (await bob.ask('GET', '/api/v1/templates?q=hello')).body.items[0];
    await bob.ask('POST', '/api/v1/spaces', { body: { name: 'mine', templateId: open.id, location: 'home' } });
    const { body } = await admin('GET', `/api/v1/users/${bob.id}/access`);
    expect(body).toMatchObject({
      username: 'bob',
      active: true,
      permissions: [
        { name: 'spaces.use', from: ['User'] },
        { name: 'spaces.share', from: ['User'] },
        { name: 'spaces.transfer', from: ['User'] },
        { name: 'spaces.see', from: ['Support'] },
      ],
      everySpace: ['May see the spaces of everybody by the role Support.'],
      more: false,
    });
    expect(body.actions).toContain('space.of-others');
    expect(body.actions).not.toContain('user.list');
    const why = Object.fromEntries(body.reachable.map((one: Record<string, string>) => [one['name'], one['why']]));
    expect(why).toMatchObject({ gcc: 'It is open to the group Compilers.', hello: 'It is open to everybody.' });
    expect(why).not.toHaveProperty('closed');
    expect((await bob.ask('GET', '/api/v1/me/access')).body).toEqual(body);
    await admin('PATCH', `/api/v1/users/${bob.id}`, { body: { active: false } });
    expect((await admin('GET', `/api/v1/users/${bob.id}/access`)).body).toMatchObject({ active: false, actions: [] });
  });
});

describe('quotas', () => {
  it('of a user and the groups count spaces, compute and storage, and let a full one restart', async () => {
    const group = await post('groups', { name: 'Compilers', maxSpaces: 1, storageUnits: 10 });
    const limits = { maxSpaces: 1, computeUnits: 4, storageUnits: 10 };
    const bob = await user('bob', { ...limits, groups: [group.id] });
    const text = { platform: 'nomad', job: 'job "x" {}', computeUnits: 4, storageUnits: 10 };
    const template = await post('templates', { name: 't', ...text });
    const space = async (name: string) =>
      bob.ask('POST', '/api/v1/spaces', { body: { name, templateId: template.id } });
    const [one, two, three] = [await space('one'), await space('two'), await space('three')];
    expect(three.body).toMatchObject({ code: 'quota.exceeded', quota: 'maxSpaces', used: 2, limit: 2 });
    const wish = (id: string, verb: string) => bob.ask('POST', `/api/v1/spaces/${id}/${verb}`);
    expect((await wish(one.body.id, 'start')).status).toBe(202);
    expect((await wish(two.body.id, 'start')).body).toMatchObject({ quota: 'computeUnits', used: 4 });
    await wish(one.body.id, 'stop');
    expect((await wish(two.body.id, 'start')).status).toBe(202);
    await wish(two.body.id, 'stop');
    // both have volumes now: storage is exactly full
    expect((await wish(one.body.id, 'start')).status).toBe(202);
    expect((await wish(one.body.id, 'restart')).status).toBe(202);
    const { body } = await bob.ask('GET', '/api/v1/me/quota');
    expect(body).toMatchObject({
      limits: { maxSpaces: 2, maxRunning: 0, computeUnits: 4, storageUnits: 20 },
      used: { maxSpaces: 2, maxRunning: 1, computeUnits: 4, storageUnits: 20 },
      own: limits,
      groups: [{ name: 'Compilers', maxSpaces: 1 }],
    });
    expect((await admin('GET', `/api/v1/users/${bob.id}/quota`)).body).toEqual(body);
  });

  it('hold exactly under a hundred starts at once', async () => {
    const bob = await user('bob', { computeUnits: 14 });
    const template = await post('templates', { name: 't', platform: 'nomad', job: 'job "x" {}', computeUnits: 2 });
    const ids: string[] = [];
    for (let i = 0; i < 100; i += 1) {
      const made = await bob.ask('POST', '/api/v1/spaces', { body: { name: `s${i}x`, templateId: template.id } });
      ids.push(made.body.id);
    }
    const answers = await Promise.all(ids.map((id) => bob.ask('POST', `/api/v1/spaces/${id}/start`)));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 202)).toHaveLength(7);
    expect(statuses.filter((status) => status === 409)).toHaveLength(93);
    expect((await bob.ask('GET', '/api/v1/me/quota')).body.used).toMatchObject({ maxRunning: 7, computeUnits: 14 });
  });
});
