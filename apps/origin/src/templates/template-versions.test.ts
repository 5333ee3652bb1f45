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
