import type { ObservedSpace } from '@knot/domain';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
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
  const body = { username: 'bob', email: 'bob@example.com', password: 'a long enough one' };
  expect((await admin('POST', '/api/v1/users', { body })).status).toBe(201);
  bob = await test.signIn('bob', body.password);
});

afterAll(() => test.close());

beforeEach(async () => {
  turn += 1;
  for (const name of ['home', 'away']) await test.liveLocation(name);
  const body = { name: `dev${turn}`, platform: 'nomad', job: 'one' };
  dev = (await admin('POST', '/api/v1/templates', { body })).body.id;
});

const save = (job: string) => admin('PUT', `/api/v1/templates/${dev}`, { body: { name: `dev${turn}`, job } });
const begin = (more: object = {}, ask = admin) =>
  ask('POST', '/api/v1/roll-outs', { body: { templateId: dev, to: 'all', number: 2, sure: true, ...more } });
const tell = (id: string, deed: string, ask = admin) =>
  ask('POST', `/api/v1/roll-outs/${id}/${deed}`, deed === 'resume' ? { body: {} } : {});
const versionOf = async (id: string) => (await test.origin.store.get('space', id))?.templateVersion;

async function space(name: string, location = 'home', ask = admin): Promise<string> {
  const body = { name: `${name}${turn}`, templateId: dev, location };
  const { id } = (await ask('POST', '/api/v1/spaces', { body })).body;
  expect((await ask('POST', `/api/v1/spaces/${id}/start`)).status).toBe(202);
  return id;
}

/** What the leaf would report of it at its present generation. */
async function report(id: string, type: 'Ready' | 'Stalled', message = ''): Promise<void> {
  const { store } = test.origin;
  const row = await store.get('space', id);
  if (!row) throw new Error('there is no such space');
  const observed: ObservedSpace = {
    ...{ id, observedGeneration: row.generation, observedAt: Date.now(), workload: 'healthy', instance: 'i' },
    conditions: [{ type, status: 'True', reason: type === 'Ready' ? 'Healthy' : 'BackendRefused', message, since: 1 }],
    ...{ exitCode: null, volumes: [], phases: [], events: [], appliedHash: '', restartsSatisfied: 0, finalized: false },
  };
  const { location, generation } = row;
  const seen = { id, location, term: 1, observedGeneration: generation, observed, reportedAt: 1, sequence: 1 };
  await store.commit({ expect: [], writes: [{ put: 'spaceObserved', row: seen }] });
}

async function until(id: string, what: object): Promise<void> {
  await vi.waitFor(async () => expect((await admin('GET', `/api/v1/roll-outs/${id}`)).body).toMatchObject(what), {
    timeout: 30_000,
    interval: 100,
  });
}

describe('a roll-out in stages', { timeout: 60_000 }, () => {
  it('updates the first, waits until they are ready, then the rest, and keeps who, what and how far', async () => {
    const [first, second] = [await space('a'), await space('b', 'away', bob)];
    await save('two');
    const { status, body } = await begin({ first: { count: 1 } });
    expect(status).toBe(202);
    expect(body).toMatchObject({ state: 'going', number: 2, before: 1, stages: [1, 1], stage: 0, actor: 'ann' });
    await until(body.id, { counts: { updating: 1, waiting: 1 } });
    await vi.waitFor(async () => expect(await versionOf(first)).toBe(2), { timeout: 10_000 });
    expect(await versionOf(second)).toBe(1);
    expect((await begin()).body).toMatchObject({ code: 'resource.exists' });
    await report(first, 'Ready');
    await until(body.id, { stage: 1, counts: { done: 1 } });
    await vi.waitFor(async () => expect(await versionOf(second)).toBe(2), { timeout: 10_000 });
    await report(second, 'Ready');
    await until(body.id, { state: 'done', reason: '', counts: { done: 2, waiting: 0, updating: 0 } });
    const { items } = (await admin('GET', `/api/v1/roll-outs/${body.id}/spaces`)).body;
    expect(items).toMatchObject([
      { spaceId: first, name: `a${turn}`, owner: 'ann', location: 'home', before: 1, stage: 0, state: 'done' },
      { spaceId: second, owner: 'bob', location: 'away', stage: 1, state: 'done' },
    ]);
    const audit = (await admin('GET', `/api/v1/audit?subject=${dev}&limit=50`)).body.items;
    const actions = audit.map(({ action }: { action: string }) => action);
    expect(actions).toEqual(expect.arrayContaining(['roll-out.begin', 'roll-out.stage', 'roll-out.done']));
  });

  it('is held by itself when too many fail, says why, and goes on or tries again by somebody’s word', async () => {
    const [first, second] = [await space('a'), await space('b', 'away')];
    await save('two');
    const { id } = (await begin({ first: { location: 'away' } })).body;
    await vi.waitFor(async () => expect(await versionOf(second)).toBe(2), { timeout: 10_000 });
    await report(second, 'Stalled', 'The image is not there.');
    await until(id, { state: 'held', reason: '1 of 1 spaces failed, and the limit is 10 %.', counts: { failed: 1 } });
    expect(await versionOf(first)).toBe(1);
    expect((await admin('GET', `/api/v1/roll-outs/${id}/spaces?state=failed`)).body.items).toMatchObject([
      { spaceId: second, message: 'The image is not there.' },
    ]);
    expect((await admin('POST', `/api/v1/roll-outs/${id}/resume`, { body: { again: true } })).status).toBe(200);
    await until(id, { state: 'held' });
    await tell(id, 'resume');
    await vi.waitFor(async () => expect(await versionOf(first)).toBe(2), { timeout: 10_000 });
    await report(first, 'Ready');
    await until(id, { state: 'done', counts: { done: 1, failed: 1 } });
    expect((await tell(id, 'resume')).body).toMatchObject({ code: 'state.refused' });
  });

  it('goes on where it was after the origin came up again', async () => {
    const [first, second] = [await space('a'), await space('b')];
    await save('two');
    const { id } = (await begin({ first: { percent: 50 } })).body;
    await vi.waitFor(async () => expect(await versionOf(first)).toBe(2), { timeout: 10_000 });
    await test.origin.close();
    await test.start();
    admin = await test.signIn('ann');
    bob = await test.signIn('bob', 'a long enough one');
    await report(first, 'Ready');
    await vi.waitFor(async () => expect(await versionOf(second)).toBe(2), { timeout: 20_000 });
    await report(second, 'Ready');
    await until(id, { state: 'done', counts: { done: 2 } });
    const { rows } = await test.origin.store.page('operation', { where: { subjectId: first }, limit: 10 });
    expect(rows.filter(({ kind }) => kind === 'space.update')).toHaveLength(1);
  });

  it('ends where a newer version is saved, and is held where who began it may no more', async () => {
    await space('a');
    await save('two');
    const { id } = (await begin({ moment: 'now' })).body;
    await tell(id, 'hold');
    await until(id, { state: 'held', reason: 'ann has held it.' });
    await save('three');
    await tell(id, 'resume');
    await until(id, { state: 'ended', reason: expect.stringContaining('Version 3 was saved') });
    const { body } = await admin('POST', '/api/v1/roles', {
      body: { name: `r${turn}`, permissions: ['spaces.manage'] },
    });
    const eve = { username: 'eve', email: 'eve@example.com', password: 'a long enough one', roles: ['user', body.id] };
    const { id: eveId } = (await admin('POST', '/api/v1/users', { body: eve })).body;
    const hers = await begin({ number: 3, first: { count: 1 } }, await test.signIn('eve', eve.password));
    expect(hers.status).toBe(202);
    await admin('PATCH', `/api/v1/users/${eveId}`, { body: { roles: ['user'] } });
    await until(hers.body.id, { state: 'held', reason: 'eve, in whose name it updates, may not do so any more.' });
    await tell(hers.body.id, 'end');
  });
});

describe('a roll-out at the next stop', { timeout: 60_000 }, () => {
  it('leaves what runs, and moves each space when it is restarted or stopped', async () => {
    const [restarted, stopped] = [await space('a'), await space('b')];
    await save('two');
    const { id } = (await begin({ moment: 'next-stop' })).body;
    expect(await versionOf(restarted)).toBe(1);
    expect((await admin('POST', `/api/v1/spaces/${restarted}/restart`)).status).toBe(202);
    expect(await versionOf(restarted)).toBe(2);
    expect(await versionOf(stopped)).toBe(1);
    await admin('POST', `/api/v1/spaces/${stopped}/stop`);
    await report(restarted, 'Ready');
    const row = await test.origin.store.get('rollOut', id);
    expect(row).toMatchObject({ state: 'going', moment: 'next-stop' });
    await tell(id, 'end');
    expect((await admin('POST', `/api/v1/spaces/${stopped}/start`)).status).toBe(202);
    expect(await versionOf(stopped)).toBe(2);
  });
});

describe('going back', { timeout: 60_000 }, () => {
  it('ends it, saves the version before anew and brings that to those that took the new one', async () => {
    const [first, second] = [await space('a'), await space('b')];
    await save('two');
    const { id } = (await begin({ first: { count: 1 } })).body;
    await vi.waitFor(async () => expect(await versionOf(first)).toBe(2), { timeout: 10_000 });
    await report(first, 'Stalled', 'No.');
    await until(id, { state: 'held' });
    const { status, body } = await tell(id, 'back');
    expect(status).toBe(202);
    expect(body).toMatchObject({ number: 3, before: 2, stages: [1] });
    await until(id, { state: 'ended', reason: 'ann has ended it.' });
    await vi.waitFor(async () => expect(await versionOf(first)).toBe(3), { timeout: 10_000 });
    expect(await versionOf(second)).toBe(1);
    const saved = (await admin('GET', `/api/v1/templates/${dev}`)).body;
    expect(saved).toMatchObject({ present: 3, job: 'one' });
    await tell(body.id, 'end');
  });

  it('needs who may change templates, and spaces that took it', async () => {
    await space('a');
    await save('two');
    const { id } = (await begin({ moment: 'next-stop' })).body;
    expect((await tell(id, 'back')).body).toMatchObject({ code: 'state.refused' });
    expect((await tell(id, 'back', bob)).status).toBe(403);
    await tell(id, 'end');
  });
});

describe('what is refused', () => {
  it('is a roll-out of nothing, of a version that one has not seen, in no clear order, or of many without a word', async () => {
    expect((await begin({ number: 1 })).body).toMatchObject({ code: 'state.refused' });
    await space('a');
    await save('two');
    expect((await begin({ number: 1 })).body).toMatchObject({ code: 'resource.version' });
    expect((await begin({ first: {} })).body).toMatchObject({ code: 'input.invalid' });
    expect((await begin({ first: { count: 1, percent: 5 } })).body).toMatchObject({ code: 'input.invalid' });
    expect((await begin({ atOnce: 0 })).status).toBe(400);
    expect((await begin({}, bob)).status).toBe(403);
    for (let index = 0; index < 10; index += 1) await space(`many${'x'.repeat(index)}`);
    await save('three');
    await save('two');
    expect((await begin({ number: 4, sure: undefined })).body).toMatchObject({ code: 'confirm.required' });
  });
});
