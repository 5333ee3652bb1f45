import { afterEach, beforeEach, expect, it } from 'vitest';
import { TestOrigin } from '../testing/test-origin.js';

let test: TestOrigin;
beforeEach(async () => {
  test = await TestOrigin.open();
});
afterEach(() => test.close());

it('a location is there, and takes spaces, however many there are before it', async () => {
  const admin = await test.admin();
  const { store } = test.origin;
  const policy = { drivers: [], hostVolumes: [] };
  const row = { builtIn: false, tokenHash: '', instances: [], policy, createdAt: 1 };
  const names = Array.from({ length: 501 }, (_, index) => `l${1_000 + index}`);
  await store.commit({ expect: [], writes: names.map((id) => ({ put: 'location', row: { id, ...row } })) });
  await test.liveLocation('zoo');
  const { items } = (await admin('GET', '/api/v1/locations')).body;
  expect(items.map(({ name }: { name: string }) => name)).toContain('zoo');
  const body = { name: 't', platform: 'nomad', job: 'job "x" {}' };
  const { body: template } = await admin('POST', '/api/v1/templates', { body });
  const wish = { name: 'dev', templateId: template.id, location: 'zoo' };
  const { body: space } = await admin('POST', '/api/v1/spaces', { body: wish });
  expect((await admin('POST', `/api/v1/spaces/${space.id}/start`)).status).toBe(202);
});
