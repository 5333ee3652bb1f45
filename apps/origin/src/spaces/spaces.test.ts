import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestOrigin, type Ask } from '../testing/test-origin.js';

const JOB = 'job "x" { group "g" { task "t" { driver = "docker" } } }';

let test: TestOrigin;
let admin: Ask;

beforeEach(async () => {
  test = await TestOrigin.open();
  admin = await test.admin();
  await test.liveLocation();
});

afterEach(() => test.close());

async function user(username: string, more: object = {}): Promise<Ask> {
  const body = { username, email: `${username}@example.com`, password: 'a long enough one', ...more };
  expect((await admin('POST', '/api/v1/users', { body })).status).toBe(201);
  return test.signIn(username, 'a long enough one');
}

async function template(job = JOB, name = 'docker'): Promise<string> {
  const { body } = await admin('POST', '/api/v1/templates', { body: { name, platform: 'nomad', job } });
  return body.id;
}

async function space(ask: Ask, templateId: string, name: string): Promise<string> {
  const answer = await ask('POST', '/api/v1/spaces', { body: { name, templateId } });
  expect(answer.body).toMatchObject({ name, phase: 'Stopped', location: 'home' });
  return answer.body.id;
}

const start = (ask: Ask, id: string, headers = {}) => ask('POST', `/api/v1/spaces/${id}/start`, { headers });
const read = async (ask: Ask, id: string) => (await ask('GET', `/api/v1/spaces/${id}`)).body;

async function snapshotOf(id: string) {
  const row = await test.origin.store.get('space', id);
  const sealed = await test.origin.store.get('snapshot', row?.snapshotHash ?? '');
  return sealed && { sealed, open: test.origin.vault.open(sealed) };
}

describe('a start', () => {
  it('freezes the template and the values of now in one commit that the leaf of the location is told', async () => {
    const id = await space(admin, await template(`${JOB} # \${{ .var.image }}`), 'dev');
    await admin('POST', '/api/v1/variables', { body: { name: 'image', value: 'everywhere' } });
    await admin('POST', '/api/v1/variables', { body: { name: 'image', value: 'here', location: 'home' } });
    await admin('POST', '/api/v1/variables', { body: { name: 'unused', value: 'elsewhere' } });
    const before = await test.origin.store.head('location:home');
    const answer = await start(admin, id);
    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({ kind: 'space.start', subjectId: id, generation: 2, state: 'pending' });
    expect(await read(admin, id)).toMatchObject({ want: 'running', phase: 'Queued', generation: 2, wishedBy: 'ann' });
    const snapshot = await snapshotOf(id);
    expect(snapshot?.open.data.var).toEqual({ image: 'here' });
    expect(snapshot?.sealed.body).not.toContain('here');
    expect(snapshot?.open.template.version).toBe(1);
    const log = await test.origin.store.log('location:home', before, 10);
    expect(log.map(({ kind, id: of, op }) => [kind, of, op])).toEqual([['space', id, 'put']]);
  });

  it('of a running space is answered as done, without a new generation', async () => {
    const id = await space(admin, await template(), 'dev');
    await start(admin, id);
    expect((await start(admin, id)).body).toMatchObject({ generation: 2 });
    expect((await read(admin, id)).generation).toBe(2);
  });

  it('sent twice with one key answers the same and does it once; another request with that key is refused', async () => {
    const id = await space(admin, await template(), 'dev');
    const key = { 'idempotency-key': 'k1' };
    const [one, two] = [await start(admin, id, key), await start(admin, id, key)];
    expect(two.body).toEqual(one.body);
    const { body } = await admin('GET', `/api/v1/operations?subject=${id}`);
    expect(body.items).toHaveLength(1);
    const other = await admin('POST', `/api/v1/spaces/${id}/stop`, { headers: key });
    expect(other.status).toBe(422);
    expect(other.body.code).toBe('idempotency.mismatch');
  });

  it('a hundred at once against a quota of five are exactly five', async () => {
    const bob = await user('bob', { maxRunning: 5 });
    const templateId = await template();
    const ids = await Promise.all(Array.from({ length: 100 }, (_, index) => space(bob, templateId, `s${index}x`)));
    const answers = await Promise.all(ids.map((id) => start(bob, id)));
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(5);
    expect(new Set(answers.filter(({ status }) => status !== 202).map(({ body }) => body.code))).toEqual(
      new Set(['quota.exceeded']),
    );
    expect((await bob('GET', '/api/v1/me')).body.running).toBe(5);
    const running = ids[answers.findIndex(({ status }) => status === 202)] ?? '';
    await bob('POST', `/api/v1/spaces/${running}/stop`);
    expect((await start(bob, running)).status).toBe(202);
  }, 60_000);

  it('says which variable is missing, and where', async () => {
    const id = await space(admin, await template(`${JOB}\n# \${{ .var.missing }}`), 'dev');
    const { status, body } = await start(admin, id);
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'template.render', variable: 'missing', line: 2 });
    expect(body.detail).toContain('missing');
    expect((await read(admin, id)).want).toBe('stopped');
  });

  it('is refused where no live location can do it, naming which could', async () => {
    const id = await space(admin, await template(), 'dev');
    test.pass(60_000);
    await test.liveLocation('away');
    const { status, body } = await start(admin, id);
    expect(status).toBe(409);
    expect(body.code).toBe('location.unavailable');
    expect(`${body.detail} ${body.hint}`).toMatch(/home is not heard of.*could: away/);
    expect((await read(admin, id)).phase).toBe('Stopped');
  });

  it('is taken while a leaf that went in good order is replaced, and refused once nobody came', async () => {
    const id = await space(admin, await template(), 'dev');
    const lease = { id: 'home', holder: 'test', instance: 'test', term: 1, renewedAt: 0 };
    await test.origin.store.commit({ expect: [], writes: [{ put: 'lease', row: lease }], log: [] });
    expect((await admin('GET', '/api/v1/locations/home')).body.live).toBe(false);
    expect((await start(admin, id)).status).toBe(202);
    const { phase, message } = await read(admin, id);
    expect({ phase, message }).toEqual({ phase: 'Unknown', message: expect.stringContaining('once it is back') });
    expect((await admin('POST', `/api/v1/spaces/${id}/stop`)).status).toBe(202);
    test.pass(3 * 60_000);
    expect((await start(admin, id)).body.code).toBe('location.unavailable');
  });

  it('keeps what runs when template, variable or description is edited, and says that an update is there', async () => {
    const templateId = await template(`${JOB} # \${{ .var.image }}`);
    const made = await admin('POST', '/api/v1/variables', { body: { name: 'image', value: 'one' } });
    const id = await space(admin, templateId, 'dev');
    await start(admin, id);
    const before = await snapshotOf(id);
    const head = await test.origin.store.head('location:home');
    expect((await read(admin, id)).updateAvailable).toBe(false);
    await admin('PATCH', `/api/v1/spaces/${id}`, { body: { description: 'mine' } });
    await admin('PUT', `/api/v1/variables/${made.body.id}`, { body: { value: 'two' } });
    expect(await read(admin, id)).toMatchObject({ updateAvailable: true, generation: 2, description: 'mine' });
    expect((await snapshotOf(id))?.open).toEqual(before?.open);
    expect(await test.origin.store.head('location:home')).toEqual(head);

    await admin('POST', `/api/v1/spaces/${id}/update`);
    expect((await snapshotOf(id))?.open.data.var).toEqual({ image: 'two' });
    expect(await read(admin, id)).toMatchObject({ updateAvailable: false, generation: 3 });
    await admin('PUT', `/api/v1/templates/${templateId}`, { body: { name: 'docker', job: JOB } });
    expect(await read(admin, id)).toMatchObject({ updateAvailable: true, template: { version: 1, present: 2 } });
  });

  it('of a platform that runs without isolation is for administrators', async () => {
    const { body } = await admin('POST', '/api/v1/templates', {
      body: { name: 'here', platform: 'local', job: 'command: [sh]' },
    });
    const bob = await user('bob');
    const refused = await bob('POST', '/api/v1/spaces', { body: { name: 'dev', templateId: body.id } });
    expect(refused).toMatchObject({ status: 403, body: { code: 'access.denied' } });
    expect((await admin('POST', '/api/v1/spaces', { body: { name: 'dev', templateId: body.id } })).status).toBe(201);
  });
});

describe('other wishes', () => {
  it('a stop while it starts leaves it stopped', async () => {
    const id = await space(admin, await template(), 'dev');
    await start(admin, id);
    await admin('POST', `/api/v1/spaces/${id}/stop`);
    expect(await read(admin, id)).toMatchObject({ want: 'stopped', generation: 3 });
    expect((await admin('GET', `/api/v1/operations?subject=${id}`)).body.items).toMatchObject([
      { kind: 'space.stop', state: 'pending' },
      { kind: 'space.start', state: 'superseded' },
    ]);
  });

  it('a restart counts up with the same snapshot, and is refused for a stopped space', async () => {
    const id = await space(admin, await template(), 'dev');
    expect((await admin('POST', `/api/v1/spaces/${id}/restart`)).body.code).toBe('state.refused');
    await start(admin, id);
    const before = (await snapshotOf(id))?.open.hash;
    await admin('POST', `/api/v1/spaces/${id}/restart`);
    expect(await read(admin, id)).toMatchObject({ restarts: 1, generation: 3 });
    expect((await snapshotOf(id))?.open.hash).toBe(before);
  });

  it('a delete asks for the name, is an explicit row until its leaf is done, and ends every other wish but a stop', async () => {
    const id = await space(admin, await template(), 'dev');
    await start(admin, id);
    expect((await admin('DELETE', `/api/v1/spaces/${id}`)).body).toMatchObject({
      code: 'confirm.required',
      confirm: 'dev',
    });
    const accepted = await admin('DELETE', `/api/v1/spaces/${id}?confirm=dev`);
    expect(accepted).toMatchObject({ status: 202, body: { kind: 'space.delete', state: 'pending' } });
    expect(await read(admin, id)).toMatchObject({ phase: 'Deleting', want: 'deleted' });
    expect((await start(admin, id)).body.code).toBe('state.refused');
    expect((await admin('POST', `/api/v1/spaces/${id}/stop`)).status).toBe(202);
    expect((await read(admin, id)).want).toBe('deleted');
  });

  it('a space that was never started goes at once, though its location is silent', async () => {
    const id = await space(admin, await template(), 'dev');
    test.pass(60_000);
    const answer = await admin('DELETE', `/api/v1/spaces/${id}?confirm=dev`);
    expect(answer.body).toMatchObject({ state: 'succeeded' });
    expect((await admin('GET', `/api/v1/spaces/${id}`)).status).toBe(404);
  });
});

describe('a name', () => {
  it('is one per owner whatever its case, and is free again for another owner', async () => {
    const templateId = await template();
    const bob = await user('bob');
    await space(admin, templateId, 'dev');
    const clash = await admin('POST', '/api/v1/spaces', { body: { name: 'DEV', templateId } });
    expect(clash).toMatchObject({ status: 409, body: { code: 'resource.exists' } });
    const id = await space(bob, templateId, 'dev');
    await bob('PATCH', `/api/v1/spaces/${id}`, { body: { name: 'other' } });
    await space(bob, templateId, 'dev');
    expect((await bob('PATCH', `/api/v1/spaces/${id}`, { body: { name: 'Dev' } })).status).toBe(409);
  });

  it.each(['1dev', 'a', 'de--v', 'dev-', 'de v', 'x'.repeat(65)])('%j is refused with a sentence', async (name) => {
    const { status, body } = await admin('POST', '/api/v1/spaces', { body: { name, templateId: await template() } });
    expect(status).toBe(400);
    expect(body.fields.name).toMatch(/name of a space/);
  });
});

describe('who sees what', () => {
  it('somebody else’s space is not there for a user, by list or by id, and is for an administrator', async () => {
    const bob = await user('bob');
    const eve = await user('eve');
    const templateId = await template();
    const id = await space(bob, templateId, 'dev');
    for (const [method, path] of [
      ['GET', ''],
      ['PATCH', ''],
      ['DELETE', '?confirm=dev'],
      ['POST', '/start'],
      ['POST', '/stop'],
    ] as const) {
      const body = method === 'PATCH' ? { description: 'x' } : undefined;
      const answer = await eve(method, `/api/v1/spaces/${id}${path}`, { body });
      expect(answer).toMatchObject({ status: 404, body: { code: 'resource.not_found' } });
    }
    expect((await eve('GET', '/api/v1/spaces')).body.items).toEqual([]);
    expect((await eve('GET', `/api/v1/spaces?owner=${(await read(bob, id)).owner.id}`)).body.items).toEqual([]);
    expect((await admin('GET', '/api/v1/spaces')).body.items).toMatchObject([{ id, owner: { username: 'bob' } }]);
    expect((await admin('GET', `/api/v1/spaces/${id}`)).status).toBe(200);
    expect((await eve('GET', `/api/v1/operations?subject=${id}`)).status).toBe(404);
  });

  it('a list pages by cursor and filters by phase', async () => {
    const templateId = await template();
    for (const name of ['aa', 'bb', 'cc', 'dd', 'ee']) await space(admin, templateId, name);
    const all: string[] = [];
    for (let cursor = ''; ;) {
      const { body } = await admin('GET', `/api/v1/spaces?limit=2${cursor && `&cursor=${cursor}`}`);
      all.push(...body.items.map((item: { name: string }) => item.name));
      if (body.next === null) break;
      cursor = body.next;
    }
    expect(all).toEqual(['aa', 'bb', 'cc', 'dd', 'ee']);
    const [first] = (await admin('GET', '/api/v1/spaces?sort=-name&limit=1')).body.items;
    expect(first.name).toBe('ee');
    await start(admin, first.id);
    const queued = await admin('GET', '/api/v1/spaces?phase=Queued&limit=2');
    expect(queued.body.items).toMatchObject([{ name: 'ee' }]);
    expect((await admin('GET', '/api/v1/spaces?phase=Stopped&limit=3')).body.items).toHaveLength(3);
  });
});

describe('versions', () => {
  it('a change of what somebody else changed meanwhile is refused', async () => {
    const id = await space(admin, await template(), 'dev');
    const { headers } = await admin('GET', `/api/v1/spaces/${id}`);
    const etag = headers.get('etag') ?? '';
    expect(etag).toBe('"1"');
    const change = (description: string) =>
      admin('PATCH', `/api/v1/spaces/${id}`, { body: { description }, headers: { 'if-match': etag } });
    expect((await change('one')).status).toBe(200);
    expect(await change('two')).toMatchObject({ status: 412, body: { code: 'resource.version' } });
    expect((await read(admin, id)).description).toBe('one');
  });
});
