import { afterEach, beforeEach, expect, it } from 'vitest';
import { PASSWORD, TestOrigin, type Ask } from '../testing/test-origin.js';

type Json = ReturnType<typeof JSON.parse>;

let test: TestOrigin;
let admin: Ask;

beforeEach(async () => {
  test = await TestOrigin.open();
  admin = await test.admin();
  await test.liveLocation();
}, 60_000);

afterEach(() => test.close());

async function user(username: string): Promise<Ask> {
  await admin('POST', '/api/v1/users', { body: { username, email: `${username}@x.y`, password: PASSWORD } });
  return test.signIn(username);
}

it('somebody else’s space is not there, whichever route names it', async () => {
  const [bob, eve] = [await user('bob'), await user('eve')];
  const template = await admin('POST', '/api/v1/templates', {
    body: { name: 't', platform: 'nomad', job: 'job "x" {}' },
  });
  const made = await bob('POST', '/api/v1/spaces', { body: { name: 'secret-plan', templateId: template.body.id } });
  const started = await bob('POST', `/api/v1/spaces/${made.body.id}/start`);
  expect(started.status).toBe(202);
  const { body } = await admin('GET', '/api/openapi.json');
  const tried: Json[] = [];
  for (const [path, methods] of Object.entries<Json>(body.paths)) {
    if (!path.startsWith('/api/v1/spaces/{id}') && path !== '/api/v1/operations/{id}') continue;
    const id = path.startsWith('/api/v1/spaces') ? made.body.id : started.body.id;
    for (const method of Object.keys(methods)) {
      const wish = method === 'get' ? {} : { body: BODIES[`${method} ${path}`] ?? {} };
      const asked = path.replace('{port}', '8080').replaceAll(/\{[a-z]+\}/g, id);
      const answer = await eve(method.toUpperCase(), asked, wish);
      tried.push([`${method} ${path}`, answer.status, JSON.stringify(answer.body).includes('secret-plan')]);
    }
  }
  expect(tried.length).toBeGreaterThan(7);
  expect(tried.filter(([, status, told]) => status !== 404 || told)).toEqual([]);
  expect((await eve('GET', '/api/v1/spaces')).body.items).toEqual([]);
  const label = { body: { labels: { mine: 'yes' } } };
  expect((await eve('PUT', `/api/v1/labels/space/${made.body.id}`, label)).status).toBe(404);
  const { id: owner } = (await bob('GET', '/api/v1/me')).body;
  for (const what of ['usage', 'quota', 'access', 'deletion']) {
    expect((await eve('GET', `/api/v1/users/${owner}/${what}`)).status).toBe(403);
  }
  const rolled = { templateId: template.body.id, to: 'spaces', spaceIds: [made.body.id], number: 1 };
  expect((await eve('POST', '/api/v1/roll-outs', { body: rolled })).status).toBe(403);
  expect((await eve('GET', `/api/v1/operations?subject=${made.body.id}`)).status).toBe(404);
  expect((await bob('GET', `/api/v1/spaces/${made.body.id}`)).body).toMatchObject({
    name: 'secret-plan',
    want: 'running',
  });
});

it('owner, role and the like are no fields that a request can set on the side', async () => {
  const bob = await user('bob');
  const me = (await bob('GET', '/api/v1/me')).body;
  const template = await admin('POST', '/api/v1/templates', {
    body: { name: 't', platform: 'nomad', job: 'job "x" {}' },
  });
  const create = { name: 'mine', templateId: template.body.id };
  const made = await bob('POST', '/api/v1/spaces', { body: create });
  for (const field of ['ownerId', 'owner', 'servicePassword', 'want', 'computeUnits', 'storageUnits', 'id']) {
    const extra = { [field]: me.id };
    const answers = [
      await bob('POST', '/api/v1/spaces', { body: { ...create, name: 'other', ...extra } }),
      await bob('PATCH', `/api/v1/spaces/${made.body.id}`, { body: extra }),
    ];
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(Array(2).fill([400, 'input.invalid']));
  }
  expect((await bob('PATCH', `/api/v1/users/${me.id}`, { body: { role: 'administrator' } })).status).toBe(403);
  expect((await bob('GET', '/api/v1/me')).body).toMatchObject({
    role: 'user',
    permissions: ['spaces.use', 'spaces.share', 'spaces.transfer'],
  });
});

/** What a request needs to be valid, where `{}` is not. */
const BODIES: Readonly<Record<string, object>> = {
  'post /api/v1/spaces/{id}/extend': { minutes: 60 },
  'post /api/v1/spaces/{id}/tickets': { action: 'terminal' },
  'post /api/v1/spaces/{id}/share': { user: 'bob' },
  'post /api/v1/spaces/{id}/transfer': { user: 'bob' },
};
