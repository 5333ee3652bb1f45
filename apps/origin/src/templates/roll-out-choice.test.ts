import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestOrigin, type Ask } from '../testing/test-origin.js';

let test: TestOrigin;
let admin: Ask;
let bob: Ask;
let dev: string;
/** Each test has a template and names of spaces of its own. */
let turn = 0;

beforeAll(async () => {
  test = await TestOrigin.open();
  admin = await test.admin();
  bob = await user('bob');
}, 60_000);

afterAll(() => test.close());

beforeEach(async () => {
  turn += 1;
  for (const name of ['home', 'away']) await test.liveLocation(name);
  const body = { name: `dev${turn}`, platform: 'nomad', job: 'one' };
  dev = (await admin('POST', '/api/v1/templates', { body })).body.id;
});

async function user(username: string, more: object = {}): Promise<Ask> {
  const body = { username, email: `${username}@example.com`, password: 'a long enough one', ...more };
  expect((await admin('POST', '/api/v1/users', { body })).status).toBe(201);
  return test.signIn(username, body.password);
}

async function space(ask: Ask, name: string, location = 'home', start = true): Promise<string> {
  const { body } = await ask('POST', '/api/v1/spaces', { body: { name: `${name}${turn}`, templateId: dev, location } });
  if (start) expect((await ask('POST', `/api/v1/spaces/${body.id}/start`)).status).toBe(202);
  return body.id;
}

const save = (job: string, more: object = {}) =>
  admin('PUT', `/api/v1/templates/${dev}`, { body: { name: `dev${turn}`, job, ...more } });
const behind = (query = '', ask = admin) => ask('GET', `/api/v1/templates/${dev}/behind${query}`);
const rollOut = (body: object, ask = admin) =>
  ask('POST', '/api/v1/roll-outs', { body: { templateId: dev, sure: true, ...body } });
const namesOf = (list: readonly { name: string }[]) => list.map(({ name }) => name.replace(/\d+$/, ''));

describe('the spaces behind', () => {
  it('are those of an older version, running or not, with owner and location', async () => {
    const ours = await space(admin, 'ours');
    const stopped = await space(bob, 'stopped', 'away');
    await bob('POST', `/api/v1/spaces/${stopped}/stop`);
    await space(bob, 'never', 'home', false);
    expect((await behind()).body).toEqual({ present: 1, items: [], next: null });
    await save('two');
    await space(bob, 'newer');
    const { body } = await behind();
    expect(body).toMatchObject({ present: 2, next: null });
    expect(body.items).toMatchObject([
      { id: ours, owner: { username: 'ann' }, location: 'home', templateVersion: 1, running: true },
      { id: stopped, owner: { username: 'bob' }, location: 'away', running: false },
    ]);
    expect(namesOf((await behind('?location=away')).body.items)).toEqual(['stopped']);
  });

  it('come in pages', async () => {
    for (const name of ['aa', 'bb', 'cc']) await space(admin, name);
    await save('two');
    await space(admin, 'ab');
    const first = (await behind('?limit=2')).body;
    expect(namesOf(first.items)).toEqual(['aa', 'bb']);
    const second = (await behind(`?limit=2&cursor=${encodeURIComponent(first.next)}`)).body;
    expect(namesOf(second.items)).toEqual(['cc']);
    expect(second.next).toBeNull();
  });

  it('are for those who see everybody’s spaces, and a roll-out for those who manage them', async () => {
    const { body } = await admin('POST', '/api/v1/roles', { body: { name: 'seer', permissions: ['spaces.see'] } });
    const eve = await user('eve', { roles: [body.id] });
    expect((await behind('', bob)).status).toBe(403);
    expect((await behind('', eve)).status).toBe(200);
    for (const ask of [bob, eve]) expect((await rollOut({ to: 'all', number: 1 }, ask)).status).toBe(403);
  });
});

describe('the spaces of a roll-out', () => {
  const spacesOf = async (body: object) => {
    const begun = await rollOut(body);
    expect(begun.status).toBe(202);
    return namesOf((await admin('GET', `/api/v1/roll-outs/${begun.body.id}/spaces`)).body.items);
  };

  it('are, for all, those that run and are behind', async () => {
    await space(admin, 'ours');
    await space(bob, 'theirs', 'away');
    const stopped = await space(bob, 'stopped');
    await bob('POST', `/api/v1/spaces/${stopped}/stop`);
    await save('two');
    await space(bob, 'newer');
    expect((await spacesOf({ to: 'all', number: 2 })).toSorted()).toEqual(['ours', 'theirs']);
  });

  it('are, for a location, those of it', async () => {
    await space(admin, 'ours');
    await space(bob, 'theirs', 'away');
    await save('two');
    expect((await rollOut({ to: 'location', location: 'nowhere', number: 2 })).status).toBe(404);
    expect((await rollOut({ to: 'location', number: 2 })).body).toMatchObject({ code: 'input.invalid' });
    expect(await spacesOf({ to: 'location', location: 'away', number: 2 })).toEqual(['theirs']);
  });

  it('are, for some, these, and none of another template', async () => {
    const [ours] = [await space(admin, 'ours'), await space(bob, 'theirs')];
    await save('two');
    const other = await admin('POST', '/api/v1/templates', { body: { name: 'x1', platform: 'nomad', job: 'x' } });
    const alien = await admin('POST', '/api/v1/spaces', { body: { name: 'alien', templateId: other.body.id } });
    expect(await rollOut({ to: 'spaces', spaceIds: [ours, alien.body.id], number: 2 })).toMatchObject({
      status: 404,
      body: { spaceIds: [alien.body.id] },
    });
    expect((await rollOut({ to: 'spaces', number: 2 })).body).toMatchObject({ code: 'input.invalid' });
    expect((await rollOut({ to: 'next', number: 2 })).status).toBe(400);
    expect(await spacesOf({ to: 'spaces', spaceIds: [ours], number: 2 })).toEqual(['ours']);
  });
});
