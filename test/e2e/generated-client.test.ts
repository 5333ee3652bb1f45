import type { paths } from '@knot/contract';
import createClient from 'openapi-fetch';
import { expect, it } from 'vitest';
import { ADMINISTRATOR, scaffold } from '../tools/cluster.js';
import { eventually } from '../tools/eventually.js';
import { freePort } from '../tools/ports.js';
import { freshFolder, startKnot } from '../tools/processes.js';

it('a client generated from the contract goes from the first page to a running space, and back', async () => {
  const url = `http://127.0.0.1:${await freePort()}`;
  const local = { 'server.local.enabled': true, 'server.local.path': freshFolder('spaces') };
  const config = await scaffold({ 'server.listen': url, 'server.url': url, 'server.location': 'home', ...local });
  const process = await startKnot({ config, name: 'origin', folder: freshFolder('origin') });
  await process.waitForUrl(`${url}/readyz`, 90_000);

  const nobody = createClient<paths>({ baseUrl: url });
  const { data: state } = await nobody.GET('/api/v1/setup');
  expect(state).toEqual({ needed: true });
  const [, code = ''] = await eventually(
    () => /with the code ([A-Za-z0-9_-]{8,})/.exec(process.output()) ?? [],
    ({ length }) => length > 1,
  );
  const { response: made } = await nobody.POST('/api/v1/setup', { body: { code, ...ADMINISTRATOR } });
  expect(made.status).toBe(201);
  const { username, password } = ADMINISTRATOR;
  const { response: signedIn } = await nobody.POST('/api/v1/auth/login', { body: { username, password } });
  const headers = { cookie: signedIn.headers.get('set-cookie')?.split(';')[0] ?? '', origin: url };
  const session = createClient<paths>({ baseUrl: url, headers });
  const { data: token } = await session.POST('/api/v1/tokens', { body: { name: 'client', scopes: ['*'] } });

  const api = createClient<paths>({ baseUrl: url, headers: { authorization: `Bearer ${token?.token}` } });
  await eventually(
    async () => (await api.GET('/api/v1/locations/{name}', { params: { path: { name: 'home' } } })).data,
    (location) => location?.platforms.some(({ platform, ready }) => platform === 'local' && ready) ?? false,
    { what: 'the location to be ready' },
  );
  const job = 'command: [sleep, "1000"]';
  const { data: template } = await api.POST('/api/v1/templates', { body: { name: 'sleeper', platform: 'local', job } });
  expect(template).toMatchObject({ present: 1, warnings: [] });
  const body = { name: 'first', templateId: template?.id ?? '', location: 'home' };
  const { data: space } = await api.POST('/api/v1/spaces', { body });
  const params = { path: { id: space?.id ?? '' } };
  const phase = (wanted: string) =>
    eventually(
      async () => (await api.GET('/api/v1/spaces/{id}', { params })).data?.phase,
      (now) => now === wanted,
      { timeout: 60_000, what: `the space to be ${wanted}` },
    );
  expect((await api.POST('/api/v1/spaces/{id}/start', { params })).data).toMatchObject({ kind: 'space.start' });
  await phase('Running');
  await api.POST('/api/v1/spaces/{id}/stop', { params });
  await phase('Stopped');
  const { error } = await api.DELETE('/api/v1/spaces/{id}', { params: { ...params, query: {} } });
  expect(error).toMatchObject({ code: 'confirm.required' });
  await api.DELETE('/api/v1/spaces/{id}', { params: { ...params, query: { confirm: 'first' } } });
  await eventually(
    async () => (await api.GET('/api/v1/spaces/{id}', { params })).response.status,
    (status) => status === 404,
  );
  expect(process.output()).not.toContain(password);
});
