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
});

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
const rollOut = (body: object, ask = admin) => ask('POST', `/api/v1/templates/${dev}/roll-out`, { body });
const versionOf = async (id: string) => (await test.origin.store.get('space', id))?.templateVersion;
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

describe('a roll-out', () => {
  it('to all updates what runs and is behind, each as its own operation, and leaves the rest', async () => {
    const [ours, theirs] = [await space(admin, 'ours'), await space(bob, 'theirs', 'away')];
    const stopped = await space(bob, 'stopped');
    await bob('POST', `/api/v1/spaces/${stopped}/stop`);
    await save('two');
    const { status, body } = await rollOut({ to: 'all', number: 2 });
    expect(status).toBe(202);
    expect(body).toMatchObject({ refused: [], left: 0 });
    expect(namesOf(body.updated)).toEqual(['ours', 'theirs']);
    expect([await versionOf(ours), await versionOf(theirs), await versionOf(stopped)]).toEqual([2, 2, 1]);
    const operation = (await bob('GET', `/api/v1/operations/${body.updated[1].operationId}`)).body;
    expect(operation).toMatchObject({ kind: 'space.update', subjectId: theirs });
    expect((await rollOut({ to: 'all', number: 2 })).body).toEqual({ updated: [], refused: [], left: 0 });
  });

  it('to a location leaves the others', async () => {
    const [ours, theirs] = [await space(admin, 'ours'), await space(bob, 'theirs', 'away')];
    await save('two');
    expect(namesOf((await rollOut({ to: 'location', location: 'away', number: 2 })).body.updated)).toEqual(['theirs']);
    expect([await versionOf(ours), await versionOf(theirs)]).toEqual([1, 2]);
    expect((await rollOut({ to: 'location', location: 'nowhere', number: 2 })).status).toBe(404);
    expect((await rollOut({ to: 'location', number: 2 })).body).toMatchObject({ code: 'input.invalid' });
  });

  it('to some says of each that was refused why, and goes on with the others', async () => {
    const [ours, theirs, stopped] = [await space(admin, 'ours'), await space(bob, 'theirs'), await space(bob, 'still')];
    await bob('POST', `/api/v1/spaces/${stopped}/stop`);
    const away = await space(admin, 'distant', 'away');
    await save('two', { locations: ['home'] });
    const fresh = await space(admin, 'fresh');
    const { body } = await rollOut({ to: 'spaces', spaceIds: [stopped, away, fresh, theirs], number: 2 });
    expect(namesOf(body.updated)).toEqual(['theirs']);
    expect(body.refused).toHaveLength(3);
    const refusalOf = (id: string) => body.refused.find(({ spaceId }: { spaceId: string }) => spaceId === id);
    expect(refusalOf(stopped)).toMatchObject({ code: 'state.refused', hint: 'It takes version 2 at its next start.' });
    expect(refusalOf(away)).toMatchObject({ code: 'location.unavailable', name: `distant${turn}` });
    expect(refusalOf(fresh).message).toContain('has version 2 already');
    expect([await versionOf(ours), await versionOf(away), await versionOf(theirs)]).toEqual([1, 1, 2]);
  });

  it('does nothing at all to spaces of another template, without a list, or with another version in mind', async () => {
    const ours = await space(admin, 'ours');
    await save('two');
    const other = await admin('POST', '/api/v1/templates', { body: { name: 'x1', platform: 'nomad', job: 'x' } });
    const alien = await admin('POST', '/api/v1/spaces', { body: { name: 'alien', templateId: other.body.id } });
    const spaceIds = [ours, alien.body.id];
    expect(await rollOut({ to: 'spaces', spaceIds, number: 2 })).toMatchObject({
      status: 404,
      body: { spaceIds: [alien.body.id] },
    });
    expect((await rollOut({ to: 'spaces', number: 2 })).body).toMatchObject({ code: 'input.invalid' });
    expect(await rollOut({ to: 'all', number: 1 })).toMatchObject({ status: 412, body: { code: 'resource.version' } });
    expect((await rollOut({ to: 'next', number: 2 })).status).toBe(400);
    expect(await versionOf(ours)).toBe(1);
  });

  it('to many asks twice', async () => {
    for (let index = 0; index < 11; index += 1) await space(admin, `many${'x'.repeat(index)}`);
    await save('two');
    expect(await rollOut({ to: 'all', number: 2 })).toMatchObject({
      status: 409,
      body: { code: 'confirm.required', detail: `This restarts 11 of the 11 spaces of dev${turn}.` },
    });
    expect((await rollOut({ to: 'all', number: 2, sure: true })).body.updated).toHaveLength(11);
    expect((await behind()).body.items).toEqual([]);
  });
});
