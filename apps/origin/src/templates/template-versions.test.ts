import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestOrigin, type Ask } from '../testing/test-origin.js';

const job = (image: string) => `image = "${image}"\npassword = "\${{ .var.password }}"\n`;

let test: TestOrigin;
let admin: Ask;
let bob: Ask;

beforeAll(async () => {
  test = await TestOrigin.open();
  admin = await test.admin();
  await test.liveLocation();
  const body = { username: 'bob', email: 'bob@example.com', password: 'a long enough one' };
  expect((await admin('POST', '/api/v1/users', { body })).status).toBe(201);
  bob = await test.signIn('bob', body.password);
});

afterAll(() => test.close());

async function template(name: string): Promise<string> {
  const { status, body } = await admin('POST', '/api/v1/templates', {
    body: { name, platform: 'nomad', job: job('one') },
  });
  expect(status).toBe(201);
  return body.id;
}

async function save(id: string, name: string, change: object): Promise<void> {
  expect((await admin('PUT', `/api/v1/templates/${id}`, { body: { name, ...change } })).status).toBe(200);
}

describe('two versions', () => {
  it('are compared without the values of protected variables', async () => {
    const id = await template('compared');
    const secret = { name: 'password', value: 'hunter2', protected: true, templates: [id] };
    expect((await admin('POST', '/api/v1/variables', { body: secret })).status).toBe(201);
    await save(id, 'compared', { job: job('two'), restart: 'never' });
    const { status, body } = await admin('GET', `/api/v1/templates/${id}/versions/1/diff/2`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ from: 1, to: 2, volumes: '', restart: { from: 'always', to: 'never' } });
    expect(body.job).toContain('-image = "one"\n+image = "two"\n password = "${{ .var.password }}"\n');
    expect(JSON.stringify(body)).not.toContain('hunter2');
  });

  it('are for those who may read texts, and have to be there', async () => {
    const id = await template('guarded');
    const path = `/api/v1/templates/${id}/versions`;
    expect(await bob('GET', `${path}/1/diff/1`)).toMatchObject({ status: 403, body: { code: 'access.denied' } });
    expect(await admin('GET', `${path}/1/diff/2`)).toMatchObject({ status: 404, body: { code: 'resource.not_found' } });
    expect((await admin('GET', `${path}/1/diff/x`)).status).toBe(400);
  });
});

describe('going back', () => {
  const back = (id: string, body: object, headers = {}) =>
    admin('POST', `/api/v1/templates/${id}/roll-back`, { body, headers });

  it('saves a new version that equals the older one, with who did it and why', async () => {
    const id = await template('back');
    const groups = { computeUnits: 3, description: 'mine' };
    await save(id, 'back', { job: job('two'), volumes: 'volumes: []', restart: 'never', exceptions: ['driver:exec'] });
    await save(id, 'back', { job: job('three'), ...groups });
    const { status, body } = await back(id, { number: 2 });
    expect(status).toBe(200);
    const second = { job: job('two'), volumes: 'volumes: []', restart: 'never', exceptions: ['driver:exec'] };
    expect(body).toMatchObject({ present: 4, name: 'back', ...second, ...groups });
    const versions = (await admin('GET', `/api/v1/templates/${id}/versions`)).body.items;
    expect(versions[0]).toMatchObject({ number: 4, author: 'ann', approvedBy: 'ann', note: 'back to version 2' });
    expect((await admin('GET', `/api/v1/templates/${id}/versions/4/diff/2`)).body).toMatchObject({
      ...{ job: '', volumes: '', restart: null, exceptionsAdded: [], exceptionsRemoved: [] },
    });
    const { items } = (await admin('GET', '/api/v1/audit?action=template.change')).body;
    expect(items[0]).toMatchObject({ actor: 'ann', subjectId: id, details: { present: 4, backTo: 2 } });
    expect((await back(id, { number: 3, note: 'was well' })).body.present).toBe(5);
    expect((await admin('GET', `/api/v1/templates/${id}/versions/5`)).body).toMatchObject({ note: 'was well' });
  });

  it('waits for an approval like any text of somebody who may not approve', async () => {
    const role = { name: 'authors', permissions: ['templates.manage'] };
    const { body: made } = await admin('POST', '/api/v1/roles', { body: role });
    const eve = { username: 'eve', email: 'eve@example.com', password: 'a long enough one', roles: [made.id] };
    expect((await admin('POST', '/api/v1/users', { body: eve })).status).toBe(201);
    const author = await test.signIn('eve', eve.password);
    const id = await template('waits');
    await save(id, 'waits', { job: job('two') });
    expect((await author('POST', `/api/v1/templates/${id}/roll-back`, { body: { number: 1 } })).status).toBe(200);
    expect((await admin('GET', `/api/v1/templates/${id}/versions/3`)).body).toMatchObject({
      author: 'eve',
      approvedBy: '',
    });
  });

  it('is refused to what is not there, to what it is already, over the change of another, and to a user', async () => {
    const id = await template('refused');
    await save(id, 'refused', { job: job('two') });
    expect(await back(id, { number: 9 })).toMatchObject({ status: 404 });
    expect(await back(id, { number: 2 })).toMatchObject({ status: 409, body: { code: 'state.refused' } });
    expect(await back(id, { number: 1 }, { 'if-match': '"1"' })).toMatchObject({ status: 412 });
    expect((await bob('POST', `/api/v1/templates/${id}/roll-back`, { body: { number: 1 } })).status).toBe(403);
    expect((await admin('GET', `/api/v1/templates/${id}`)).body.present).toBe(2);
  });
});
