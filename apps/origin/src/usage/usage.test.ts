import { createLogger, systemClock } from '@knot/shared';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LeaderLease } from '../origins/leader-lease.js';
import { TestOrigin, type Ask } from '../testing/test-origin.js';
import { UsageCount } from './usage-count.js';
import { UsageSampling } from './usage-sampling.js';

const HOUR_MS = 3_600_000;
const PASSWORD = 'a long enough one';

let test: TestOrigin;
let admin: Ask;
let templateId: string;

beforeEach(async () => {
  test = await TestOrigin.open();
  // well within an hour: no test runs over the end of its bucket
  test.pass(HOUR_MS - (Date.now() % HOUR_MS) + 10 * 60_000);
  admin = await test.admin();
  await test.liveLocation('home', ['nomad']);
  const template = { name: 'unit', platform: 'nomad', job: 'job "j" {}', computeUnits: 2, storageUnits: 5 };
  templateId = (await admin('POST', '/api/v1/templates', { body: template })).body.id;
}, 30_000);

afterEach(() => test.close());

/** As an origin looks now and then. */
async function sample(holder = 'test'): Promise<void> {
  const { store } = test.origin;
  const { clock } = test;
  const logger = createLogger({ level: 'error', name: 'test', destination: { write: () => undefined } });
  const leader = new LeaderLease(store, clock, holder, 'usage');
  await new UsageSampling({ store, clock, logger, leader, count: new UsageCount(store, clock) }).sample();
}

async function started(name: string, ask = admin): Promise<string> {
  const { body, status } = await ask('POST', '/api/v1/spaces', { body: { name, templateId } });
  expect([status, body.hint]).toEqual([201, undefined]);
  expect((await ask('POST', `/api/v1/spaces/${body.id}/start`)).status).toBe(202);
  return body.id;
}

/** The figures of each point, the oldest first. */
async function figures(path: string, ask = admin): Promise<readonly (readonly number[])[]> {
  const { status, body } = await ask('GET', path);
  expect(status).toBe(200);
  return body.points.map((point: Readonly<Record<string, number>>) =>
    ['spaces', 'running', 'computeUnits', 'storageUnits'].map((name) => point[name]),
  );
}

describe('usage over time', () => {
  it('keeps the most of each hour and of each day, and ends with what is used now', async () => {
    const first = await started('first');
    await started('second');
    await sample();
    await admin('POST', `/api/v1/spaces/${first}/stop`);
    await sample();
    test.pass(HOUR_MS);
    await sample();
    test.pass(HOUR_MS);
    await test.liveLocation('home', ['nomad']);
    await started('third');
    expect(await figures('/api/v1/usage')).toEqual([
      [2, 2, 4, 10],
      [2, 1, 2, 10],
      [3, 2, 4, 15],
    ]);
    expect(await figures('/api/v1/me/usage')).toEqual(await figures('/api/v1/usage'));
    const days = await figures('/api/v1/usage?bucket=day');
    expect(Math.max(...days.map(([, running = 0]) => running))).toBe(2);
    expect(days.at(-1)?.[0]).toBe(3);
  });

  it('tells each their own, and of others and of groups whom it lets see people', async () => {
    const group = (await admin('POST', '/api/v1/groups', { body: { name: 'compilers' } })).body.id;
    const body = { username: 'bob', email: 'b@x.y', password: PASSWORD, groups: [group] };
    const { id } = (await admin('POST', '/api/v1/users', { body })).body;
    const bob = await test.signIn('bob', PASSWORD);
    await started('of-ann');
    await started('of-bob', bob);
    await sample();
    expect(await figures('/api/v1/usage')).toEqual([[2, 2, 4, 10]]);
    for (const path of [`/api/v1/users/${id}/usage`, `/api/v1/groups/${group}/usage`]) {
      expect(await figures(path)).toEqual([[1, 1, 2, 5]]);
      expect((await bob('GET', path)).status).toBe(403);
    }
    expect(await figures('/api/v1/me/usage', bob)).toEqual([[1, 1, 2, 5]]);
    expect((await bob('GET', '/api/v1/usage')).status).toBe(403);
  });

  it('has a point of zeros for who had nothing, and refuses a time that ends before it begins', async () => {
    await sample();
    expect(await figures('/api/v1/me/usage')).toEqual([[0, 0, 0, 0]]);
    const { status, body } = await admin('GET', '/api/v1/usage?since=20&until=10');
    expect([status, body.code]).toEqual([400, 'input.invalid']);
    expect((await admin('GET', '/api/v1/usage?bucket=week')).status).toBe(400);
    expect((await admin('GET', '/api/v1/usage?since=8630000000000000&until=8640000000000000')).body.points).toEqual([]);
  });

  it('writes no row of who has no space, and none where no peak has risen', async () => {
    await admin('POST', '/api/v1/users', { body: { username: 'idle', email: 'i@x.y', password: PASSWORD } });
    await started('first');
    await sample();
    const { store } = test.origin;
    const before = (await store.page('usage', { limit: 100 })).rows;
    expect(before.map(({ subject, bucket }) => `${subject.slice(0, 4)} ${bucket}`).sort()).toEqual([
      'all day',
      'all hour',
      'user day',
      'user hour',
    ]);
    await sample();
    expect((await store.page('usage', { limit: 100 })).rows).toEqual(before);
  });

  it('is looked at by one of several origins, and what is too old is forgotten', async () => {
    await started('first');
    const { store } = test.origin;
    const other = new LeaderLease(store, systemClock, 'other', 'usage');
    await other.lead(async () => {
      await sample();
      expect((await store.page('usage', { limit: 1 })).rows).toEqual([]);
    });
    await sample();
    test.pass(33 * 24 * HOUR_MS);
    await sample();
    const { rows } = await store.page('usage', { limit: 100 });
    expect(rows.filter(({ bucket }) => bucket === 'hour')).toHaveLength(2);
    expect(rows.filter(({ bucket }) => bucket === 'day')).toHaveLength(4);
  });
});
