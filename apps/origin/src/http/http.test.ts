import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestOrigin, type Ask } from '../testing/test-origin.js';

let test: TestOrigin;
let admin: Ask;

beforeEach(async () => {
  test = await TestOrigin.open();
  admin = await test.admin();
});

afterEach(() => test.close());

describe('input', () => {
  it('with an unknown field, a wrong type or no JSON is refused with a sentence', async () => {
    const post = (body: unknown) => admin('POST', '/api/v1/variables', { body });
    expect(await post({ name: 'aa', value: 'x', colour: 'red' })).toMatchObject({
      status: 400,
      body: { code: 'input.invalid', detail: 'There is no field colour.', fields: { colour: expect.any(String) } },
    });
    expect((await post({ name: 'aa', value: 7 })).body.fields.value).toContain('value');
    expect((await post('{"name":')).body).toMatchObject({
      code: 'input.invalid',
      detail: expect.stringContaining('JSON'),
    });
    expect((await post({ name: '1a', value: '' })).body.detail).toMatch(/name of a variable/);
    expect((await admin('GET', '/api/v1/spaces?limit=1000')).body.code).toBe('input.invalid');
    expect((await admin('GET', '/api/v1/spaces/not-a-uuid')).body.code).toBe('input.invalid');
    expect((await admin('GET', '/api/v1/spaces?cursor=nonsense')).status).toBe(400);
    expect((await admin('GET', '/api/v1/locations/..%2Fetc')).body.code).toBe('input.invalid');
  });

  it('says of each field what is wrong with it first: missing, of another kind, then what is in it', async () => {
    const token = async (body: object) => (await admin('POST', '/api/v1/tokens', { body })).body;
    expect((await token({ name: 'ci' })).detail).toBe('The field scopes is missing.');
    expect((await token({ scopes: null })).fields).toEqual({
      name: 'The field name is missing.',
      scopes: 'The field scopes is missing.',
    });
    expect((await token({ name: 'ci', scopes: 'read' })).detail).toMatch(/scopes must be an array/);
    expect((await token({ name: 'ci', scopes: ['read', 'fly'] })).detail).toMatch(
      /each value in scopes must be one of/,
    );
    expect((await token({ name: 'ci', scopes: ['read', 'read'] })).detail).toMatch(/unique/);
  });

  it('that is too large is refused before it is read, and for strangers sooner', async () => {
    const large = (size: number) => ({ name: 't', platform: 'nomad', job: 'x'.repeat(size) });
    const text = await admin('POST', '/api/v1/templates', { body: large(10 * 1024 * 1024 + 1) });
    expect(text).toMatchObject({ status: 413, body: { code: 'input.too_large' } });
    expect(text.body.detail).toMatch(/job text has 10\.0 MiB; 10 MiB are the most/);
    const unstartable = await admin('POST', '/api/v1/templates', { body: large(3 * 1024 * 1024) });
    expect(unstartable).toMatchObject({ status: 413, body: { code: 'input.too_large' } });
    expect(unstartable.body.detail).toMatch(/have 3\.0 MiB; 2\.5 MiB are the most that a space can start from/);
    expect(await admin('POST', '/api/v1/templates', { body: large(25 * 1024 * 1024) })).toMatchObject({
      status: 413,
      body: { code: 'input.too_large' },
    });
    expect(
      (await admin('POST', '/api/v1/variables', { body: { name: 'aa', value: 'x'.repeat(2_000_000) } })).status,
    ).toBe(413);
    expect((await test.ask('POST', '/api/v1/templates', { body: large(5_000_000) })).status).toBe(401);
  }, 60_000);

  it('nothing is at an unknown address, as a problem', async () => {
    const { status, headers, body } = await admin('GET', '/api/v1/nothing');
    expect([status, headers.get('content-type'), body.code]).toEqual([
      404,
      'application/problem+json; charset=utf-8',
      'resource.not_found',
    ]);
    expect((await admin('POST', '/api/v2/x')).body.type).toBe('urn:knot:error:resource.not_found');
  });
});

describe('answers', () => {
  it('carry security headers', async () => {
    const { headers } = await admin('GET', '/api/v1/me');
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('strict-transport-security')).toBeNull();
  });

  it('tell health, version and metrics to anybody, findings to administrators', async () => {
    expect((await test.ask('GET', '/livez')).body).toEqual({ status: 'ok' });
    expect((await test.ask('GET', '/readyz')).body).toEqual({ status: 'ok' });
    expect((await test.ask('GET', '/health')).status).toBe(200);
    const fingerprint = expect.stringMatching(/^[0-9a-f]{16}$/);
    const version = await test.ask('GET', '/api/v1/version');
    expect(version.body).toEqual({ version: '0.1.0', api: '1', fingerprint });
    const { body } = await test.ask('GET', '/metrics');
    expect(body).toContain('knot_api_request_seconds_count{method="GET",route="/livez",status="200"} 1');
    expect(body).toMatch(/knot_nodejs_eventloop_lag_seconds/);
    expect((await admin('GET', '/api/v1/health')).body).toMatchObject({
      status: 'ok',
      installation: expect.any(String),
    });
  });
});

describe('the dashboard', () => {
  beforeEach(async () => {
    const folder = join(test.folder, 'dashboard');
    await mkdir(join(folder, 'assets'), { recursive: true });
    await writeFile(join(folder, 'index.html'), '<p>the page</p>');
    await writeFile(join(folder, 'assets', 'a.js'), '1;');
    await test.origin.close();
    await test.start();
  });

  it('is one page for every path of a browser, under a policy without unsafe-inline', async () => {
    const { headers, body } = await test.ask('GET', '/spaces/some-id?x=1');
    const policy = headers.get('content-security-policy') ?? '';
    expect(body).toBe('<p>the page</p>');
    expect(policy).toContain("default-src 'self'");
    expect(policy).not.toContain('unsafe');
    expect(policy).toContain("frame-ancestors 'none'");
    const asset = await test.ask('GET', '/assets/a.js');
    expect([asset.status, asset.body, asset.headers.get('cache-control')]).toEqual([
      200,
      '1;',
      'public, max-age=31536000, immutable',
    ]);
    expect((await test.ask('GET', '/assets/none.js')).status).toBe(404);
    expect((await test.ask('GET', '/..%2f..%2fetc/passwd.txt')).status).toBe(404);
    expect((await test.ask('GET', '/api/nothing')).status).toBe(404);
  });
});

describe('templates', () => {
  const job = 'job "x" { meta { a = "${{ .var.secret }}" b = "${{ .var.open }}" } }';

  it('a new version is made by a new text and by nothing else', async () => {
    const make = await admin('POST', '/api/v1/templates', {
      body: { name: 'one', platform: 'nomad', job: 'job "x" {}' },
    });
    const { id } = make.body;
    const put = (body: object) =>
      admin('PUT', `/api/v1/templates/${id}`, { body: { name: 'one', job: 'job "x" {}', ...body } });
    expect((await put({ description: 'new words' })).body).toMatchObject({ present: 1, description: 'new words' });
    expect((await put({ restart: 'never', note: 'once' })).body).toMatchObject({ present: 2, restart: 'never' });
    expect((await put({ restart: 'never', job: 'job "y" {}' })).body.present).toBe(3);
    const versions = await admin('GET', `/api/v1/templates/${id}/versions`);
    expect(
      versions.body.items.map(({ number, author, note }: Record<string, unknown>) => [number, author, note]),
    ).toEqual([
      [3, 'ann', ''],
      [2, 'ann', 'once'],
      [1, 'ann', ''],
    ]);
    expect((await admin('GET', `/api/v1/templates/${id}/versions/1`)).body.job).toBe('job "x" {}');
  });

  it('that does not parse is refused by line and column', async () => {
    const body = { name: 'bad', platform: 'nomad', job: 'job "x" {\n  a = "${{ .var.x"\n}' };
    const answer = await admin('POST', '/api/v1/templates', { body });
    expect(answer).toMatchObject({ status: 400, body: { code: 'template.syntax', text: 'job', line: 2 } });
    expect(answer.body.detail).toMatch(/^The job text, line 2, column \d+: /);
  });

  it('in use is not deleted; unused it is, by its name', async () => {
    await test.liveLocation();
    const { body } = await admin('POST', '/api/v1/templates', { body: { name: 'one', platform: 'nomad', job: 'x' } });
    const { body: space } = await admin('POST', '/api/v1/spaces', { body: { name: 'dev', templateId: body.id } });
    const remove = () => admin('DELETE', `/api/v1/templates/${body.id}?confirm=one`);
    expect((await remove()).body).toMatchObject({ code: 'resource.in_use', spaces: 1 });
    await admin('DELETE', `/api/v1/spaces/${space.id}?confirm=dev`);
    expect((await remove()).status).toBe(204);
    expect(
      (await admin('POST', '/api/v1/templates', { body: { name: 'one', platform: 'nomad', job: 'x' } })).status,
    ).toBe(201);
  });

  it('a protected value is in no answer, not in the store in clear, and masked in a render-test', async () => {
    const secret = 'tell-nobody-7351';
    const made = await admin('POST', '/api/v1/variables', { body: { name: 'secret', value: secret, protected: true } });
    await admin('POST', '/api/v1/variables', { body: { name: 'open', value: 'seen' } });
    const { body: template } = await admin('POST', '/api/v1/templates', {
      body: { name: 't', platform: 'nomad', job },
    });
    await admin('PUT', `/api/v1/variables/${made.body.id}`, { body: { templates: [template.id] } });
    await test.liveLocation();
    const { body: space } = await admin('POST', '/api/v1/spaces', { body: { name: 'dev', templateId: template.id } });
    const answers = [
      made,
      await admin('GET', '/api/v1/variables'),
      await admin('GET', `/api/v1/variables/${made.body.id}`),
      await admin('PUT', `/api/v1/variables/${made.body.id}`, { body: { restricted: true } }),
      await admin('PUT', `/api/v1/variables/${made.body.id}`, { body: { protected: false } }),
      await admin('POST', `/api/v1/templates/${template.id}/render-test`, { body: {} }),
      await admin('POST', `/api/v1/spaces/${space.id}/start`),
      await admin('GET', `/api/v1/spaces/${space.id}`),
      await admin('GET', '/api/v1/audit'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([201, 200, 200, 200, 409, 200, 202, 200, 200]);
    expect(answers.map(({ body }) => JSON.stringify(body)).join()).not.toContain(secret);
    expect(answers[5]?.body).toMatchObject({ ok: true, job: expect.stringContaining('a = "********" b = "seen"') });
    expect(JSON.stringify(await test.origin.store.get('variable', made.body.id))).not.toContain(secret);
    const row = await test.origin.store.get('space', space.id);
    const sealed = await test.origin.store.get('snapshot', row?.snapshotHash ?? '');
    expect(JSON.stringify(sealed)).not.toContain(secret);
    expect(sealed && test.origin.vault.open(sealed).data.var['secret']).toBe(secret);
    expect(test.lines.join()).not.toContain(secret);
  });

  it('a text is for administrators, a render-test names what is wrong', async () => {
    const { body } = await admin('POST', '/api/v1/templates', { body: { name: 't', platform: 'nomad', job } });
    await admin('POST', '/api/v1/users', { body: { username: 'bob', email: 'b@x.y', password: 'a long enough one' } });
    const bob = await test.signIn('bob', 'a long enough one');
    const seen = await bob('GET', `/api/v1/templates/${body.id}`);
    expect(seen.body).toMatchObject({ name: 't', variables: ['open', 'secret'] });
    expect(seen.body.job).toBeUndefined();
    expect((await bob('GET', `/api/v1/templates/${body.id}/versions`)).status).toBe(403);
    const tried = await admin('POST', `/api/v1/templates/${body.id}/render-test`, {
      body: { volumes: 'a: ${{ if }}' },
    });
    expect(tried.body).toMatchObject({
      ok: false,
      problems: [
        { text: 'job', code: 'template.render', line: 1 },
        { text: 'volumes', code: 'template.syntax', line: 1 },
      ],
    });
  });

  it('is rendered as if it were of somebody else only for who may see people', async () => {
    const role = { name: 'Author', permissions: ['templates.manage'] };
    const { body: author } = await admin('POST', '/api/v1/roles', { body: role });
    const person = (username: string, roles: readonly string[]) => ({
      body: { username, email: `${username}@example.com`, password: 'a long enough one', roles },
    });
    const { body: joe } = await admin('POST', '/api/v1/users', person('joe', []));
    await admin('POST', '/api/v1/users', person('eve', [author.id]));
    const eve = await test.signIn('eve', 'a long enough one');
    const mail = { name: 't', platform: 'nomad', job: 'of = "${{ .user.email }}"' };
    const { body: template } = await admin('POST', '/api/v1/templates', { body: mail });
    const tried = `/api/v1/templates/${template.id}/render-test`;
    expect((await eve('POST', tried, { body: {} })).body.job).toBe('of = "eve@example.com"');
    const ofJoe = { body: { userId: joe.id } };
    expect(await eve('POST', tried, ofJoe)).toMatchObject({ status: 403, body: { code: 'access.denied' } });
    expect((await admin('POST', tried, ofJoe)).body.job).toBe('of = "joe@example.com"');
  });
});

describe('volumes', () => {
  it('are told to the leaf of their location with each wish, and ask for the name before data goes', async () => {
    await test.liveLocation();
    const create = { name: 'shared', platform: 'nomad', location: 'home', definition: 'volumes: []' };
    const { body } = await admin('POST', '/api/v1/volumes', { body: create });
    const patch = (change: object) => admin('PATCH', `/api/v1/volumes/${body.id}`, { body: change });
    expect((await patch({ want: 'present' })).body).toMatchObject({ want: 'present', generation: 2 });
    expect((await patch({ definition: 'x: 1' })).body.code).toBe('state.refused');
    expect((await patch({ want: 'absent' })).body.code).toBe('confirm.required');
    expect((await patch({ want: 'absent', confirm: 'shared' })).body).toMatchObject({ want: 'absent', generation: 3 });
    expect((await admin('DELETE', `/api/v1/volumes/${body.id}?confirm=shared`)).body).toMatchObject({
      state: 'pending',
    });
    expect((await admin('GET', `/api/v1/volumes/${body.id}`)).body.want).toBe('deleted');
    expect((await admin('POST', '/api/v1/volumes', { body: { ...create, name: 'SHARED' } })).status).toBe(409);
  });
});
