import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestOrigin, type Ask } from '../testing/test-origin.js';
import { forgetLabels } from './labels.js';

let test: TestOrigin;
let admin: Ask;
let bob: Ask;
let template: string;
let space: string;

beforeAll(async () => {
  test = await TestOrigin.open();
  admin = await test.admin();
  await test.liveLocation('home');
  const user = { username: 'bob', email: 'bob@example.com', password: 'a long enough one' };
  await admin('POST', '/api/v1/users', { body: user });
  bob = await test.signIn('bob', user.password);
  const body = { name: 'dev', platform: 'nomad', job: 'one' };
  template = (await admin('POST', '/api/v1/templates', { body })).body.id;
  space = (await bob('POST', '/api/v1/spaces', { body: { name: 'web', templateId: template, location: 'home' } })).body
    .id;
}, 90_000);
afterAll(() => test.close());

const put = (path: string, labels: unknown, ask = admin) => ask('PUT', `/api/v1/labels/${path}`, { body: { labels } });
const list = (query = '', ask = admin) => ask('GET', `/api/v1/labels${query}`);

describe('labels', () => {
  it('are set by who may change the thing, seen by who may see it, found by one of them, and audited', async () => {
    const set = await put(`space/${space}`, { team: 'compilers', stage: 'dev' }, bob);
    expect(set).toMatchObject({ status: 200, body: { kind: 'space', name: 'web', location: 'home' } });
    expect((await put(`template/${template}`, { team: 'compilers' }, bob)).status).toBe(403);
    expect((await put(`template/${template}`, { team: 'compilers' })).status).toBe(200);
    const all = (await list('?label=team=compilers')).body.items;
    expect(all.map(({ kind }: { kind: string }) => kind).sort()).toEqual(['space', 'template']);
    expect((await list('?kind=space&label=stage=dev')).body.items).toMatchObject([
      { id: space, labels: { stage: 'dev' } },
    ]);
    expect((await list('?label=team=others')).body.items).toEqual([]);
    const { items } = (await admin('GET', `/api/v1/audit?subject=${space}&action=label.set`)).body;
    expect(items).toMatchObject([{ actor: 'bob', details: { labels: { team: 'compilers' }, before: {} } }]);
  });

  it('of another user’s space are nobody else’s', async () => {
    const eve = { username: 'eve', email: 'eve@example.com', password: 'a long enough one' };
    await admin('POST', '/api/v1/users', { body: eve });
    const other = await test.signIn('eve', eve.password);
    expect((await put(`space/${space}`, { mine: 'yes' }, other)).status).toBe(404);
    expect((await list('?kind=space', other)).body.items).toEqual([]);
  });

  it('are refused where they are none, and go with what they are of', async () => {
    for (const bad of [{ Team: 'a' }, { team: 'a b' }, { team: 1 }, [], 'x', { '-a': 'b' }]) {
      expect((await put(`template/${template}`, bad)).body).toMatchObject({ code: 'input.invalid' });
    }
    const many = Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`l${index}`, 'x']));
    expect((await put(`template/${template}`, many)).status).toBe(400);
    expect((await put(`moon/${template}`, {})).body.detail).toContain('Labels are of role, group');
    expect((await put(`group/${template}`, {})).status).toBe(404);
    expect((await put(`template/${template}`, {})).status).toBe(200);
    expect((await list('?kind=template')).body.items).toEqual([]);
    const group = (await admin('POST', '/api/v1/groups', { body: { name: 'gone' } })).body.id;
    await put(`group/${group}`, { team: 'compilers' });
    await admin('DELETE', `/api/v1/groups/${group}?confirm=gone`);
    expect((await list('?kind=group')).body.items).toEqual([]);
    await forgetLabels(test.origin.store, async (commit) => void (await test.origin.store.commit(commit)));
    expect(await test.origin.store.count('labels', {})).toBe(1);
  });
});
