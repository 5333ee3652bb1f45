import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PASSWORD, TestOrigin, type Ask } from '../testing/test-origin.js';

let test: TestOrigin;

beforeEach(async () => {
  test = await TestOrigin.open();
});

afterEach(() => test.close());

const login = (username: string, password: string) =>
  test.ask('POST', '/api/v1/auth/login', { body: { username, password } });

async function bob(admin: Ask): Promise<Ask> {
  const body = { username: 'bob', email: 'Bob@example.com', password: PASSWORD };
  await admin('POST', '/api/v1/users', { body });
  return test.signIn('bob');
}

async function token(ask: Ask, scopes: readonly string[]): Promise<{ id: string; ask: Ask; text: string }> {
  const { body } = await ask('POST', '/api/v1/tokens', { body: { name: 'cli', scopes } });
  return { id: body.id, text: body.token, ask: test.as({ authorization: `Bearer ${body.token}` }) };
}

describe('the first administrator', () => {
  it('is made once, by whoever has the code of the log', async () => {
    const { setupCode } = test.origin;
    expect(test.lines.some((line) => line.includes(setupCode ?? '-'))).toBe(true);
    expect((await test.ask('GET', '/api/v1/setup')).body).toEqual({ needed: true });
    const body = { code: 'AAAA-BBBB', username: 'eve', email: 'eve@example.com', password: PASSWORD };
    expect(await test.ask('POST', '/api/v1/setup', { body })).toMatchObject({
      status: 401,
      body: { code: 'auth.failed' },
    });
    const both = await Promise.all(
      ['ann', 'eva'].map((username) =>
        test.ask('POST', '/api/v1/setup', { body: { ...body, code: setupCode, username, email: `${username}@x.y` } }),
      ),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect((await test.ask('GET', '/api/v1/setup')).body).toEqual({ needed: false });
    expect((await test.ask('POST', '/api/v1/setup', { body: { ...body, code: setupCode } })).status).toBe(409);
  });

  it('is not guessed: the code throttles', async () => {
    const body = { code: 'x', username: 'eve', email: 'eve@example.com', password: PASSWORD };
    const statuses: number[] = [];
    for (let i = 0; i < 12; i += 1) statuses.push((await test.ask('POST', '/api/v1/setup', { body })).status);
    expect(statuses.slice(0, 10)).toEqual(Array(10).fill(401));
    expect(statuses.slice(10)).toEqual([429, 429]);
  });
});

describe('sign-in', () => {
  it('sets a cookie that scripts cannot read, and keeps its secret out of the store', async () => {
    const admin = await test.admin();
    const answer = await login('ANN@example.com', PASSWORD);
    const cookie = answer.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^knot=kns_[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+$/);
    expect(answer.body).toMatchObject({ username: 'ann', role: 'administrator', via: 'session' });
    const { body } = await admin('GET', '/api/v1/sessions');
    expect(body.items).toHaveLength(2);
    expect(JSON.stringify(body)).not.toContain(cookie.slice(5, 20));
    expect(JSON.stringify(answer.body)).not.toMatch(/hash|argon2/i);
  });

  it('answers the same for a wrong password, an unknown user and a deactivated one', async () => {
    const admin = await test.admin();
    await bob(admin);
    const { body } = await admin('GET', '/api/v1/users?q=bob');
    await admin('PATCH', `/api/v1/users/${body.items[0].id}`, { body: { active: false } });
    const answers = [await login('ann', 'wrong'), await login('nobody', 'wrong'), await login('bob', PASSWORD)];
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401]);
    expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1);
  });

  it('is throttled per account and address, and opens again after a quarter of an hour', async () => {
    await test.admin();
    const statuses = await Promise.all(Array.from({ length: 8 }, async () => (await login('ann', 'wrong')).status));
    expect(statuses.filter((status) => status === 401)).toHaveLength(5);
    const throttled = await login('ann', PASSWORD);
    expect(throttled).toMatchObject({ status: 429, body: { code: 'auth.throttled' } });
    expect(Number(throttled.headers.get('retry-after'))).toBeGreaterThan(60);
    test.pass(16 * 60_000);
    expect((await login('ann', PASSWORD)).status).toBe(200);
  });

  it('ends by logging out and by time', async () => {
    const admin = await test.admin();
    const second = await test.signIn('ann');
    expect((await second('POST', '/api/v1/auth/logout')).status).toBe(204);
    expect((await second('GET', '/api/v1/me')).status).toBe(401);
    expect((await admin('GET', '/api/v1/me')).status).toBe(200);
    test.pass(8 * 24 * 3_600_000);
    expect((await admin('GET', '/api/v1/me')).status).toBe(401);
  });
});

describe('a request of another site', () => {
  it('is refused where a browser would send the cookie along', async () => {
    const admin = await test.admin();
    const send = (headers: Record<string, string>) => admin('POST', '/api/v1/auth/logout', { headers });
    const foreign: Record<string, string>[] = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
    ];
    for (const headers of foreign) {
      expect(await send(headers)).toMatchObject({ status: 403, body: { code: 'access.csrf' } });
    }
    expect((await admin('GET', '/api/v1/me', { headers: { origin: 'https://evil.example' } })).status).toBe(200);
    expect((await send({ origin: test.url })).status).toBe(204);
  });

  it('does not sign anybody in', async () => {
    await test.admin();
    const headers = { origin: 'https://evil.example' };
    const answer = await test.ask('POST', '/api/v1/auth/login', {
      headers,
      body: { username: 'ann', password: PASSWORD },
    });
    expect(answer.body.code).toBe('access.csrf');
  });
});

describe('a token', () => {
  it('is shown once, stored hashed, does what its scopes say, and ends with its deletion', async () => {
    const admin = await test.admin();
    const all = await token(admin, ['*']);
    expect(all.text).toMatch(/^knt_[0-9a-f-]{36}_[\w-]{43}$/);
    const list = await admin('GET', '/api/v1/tokens');
    expect(list.body.items).toMatchObject([{ id: all.id, name: 'cli', scopes: ['*'] }]);
    expect(JSON.stringify([list.body, await test.origin.store.get('token', all.id)])).not.toContain(
      all.text.slice(-20),
    );
    expect((await all.ask('GET', '/api/v1/users')).status).toBe(200);
    expect((await all.ask('POST', '/api/v1/tokens', { body: { name: 'x', scopes: ['*'] } })).body.code).toBe(
      'access.denied',
    );
    const read = await token(admin, ['read']);
    expect((await read.ask('GET', '/api/v1/users')).status).toBe(200);
    expect((await read.ask('POST', '/api/v1/variables', { body: { name: 'aa', value: 'x' } })).status).toBe(403);
    const spaces = await token(admin, ['spaces']);
    expect((await spaces.ask('GET', '/api/v1/spaces')).status).toBe(200);
    expect((await spaces.ask('GET', '/api/v1/users')).status).toBe(403);
    await admin('DELETE', `/api/v1/tokens/${all.id}`);
    expect((await all.ask('GET', '/api/v1/me')).body.code).toBe('auth.failed');
  });

  it('a replayed request makes no second one and does not show the first again', async () => {
    const admin = await test.admin();
    const make = () =>
      admin('POST', '/api/v1/tokens', { body: { name: 'cli', scopes: ['*'] }, headers: { 'idempotency-key': 'one' } });
    const [first, second] = [await make(), await make()];
    expect(second.body).toEqual({ ...first.body, token: '' });
    expect((await admin('GET', '/api/v1/tokens')).body.items).toHaveLength(1);
  });

  it('needs a sign-in of the last quarter of an hour, and ends by time', async () => {
    const admin = await test.admin();
    const made = await token(admin, ['*']);
    test.pass(16 * 60_000);
    const late = await admin('POST', '/api/v1/tokens', { body: { name: 'late', scopes: ['*'] } });
    expect(late).toMatchObject({ status: 401, body: { code: 'auth.required', reason: 'stale' } });
    test.pass(91 * 24 * 3_600_000);
    expect((await made.ask('GET', '/api/v1/me')).status).toBe(401);
  });
});

describe('a new password', () => {
  it('ends every other session and all tokens, and has to be a good one', async () => {
    const admin = await test.admin();
    const other = await test.signIn('ann');
    const made = await token(admin, ['*']);
    const put = (present: string, password: string) =>
      admin('PUT', '/api/v1/me/password', { body: { present, password } });
    expect((await put('wrong', 'another good one')).body.code).toBe('auth.failed');
    expect((await put(PASSWORD, 'short')).body.code).toBe('input.invalid');
    expect((await put(PASSWORD, 'ann-ann-ann-12345')).body.detail).toContain('user name');
    expect((await put(PASSWORD, 'another good one')).status).toBe(204);
    expect((await other('GET', '/api/v1/me')).status).toBe(401);
    expect((await made.ask('GET', '/api/v1/me')).status).toBe(401);
    expect((await admin('GET', '/api/v1/me')).status).toBe(200);
    expect((await login('ann', PASSWORD)).status).toBe(401);
    expect((await login('ann', 'another good one')).status).toBe(200);
  });
});

describe('users', () => {
  it('are for administrators, and the last of these stays', async () => {
    const admin = await test.admin();
    const user = await bob(admin);
    expect((await user('GET', '/api/v1/users')).body).toMatchObject({ code: 'access.denied', status: 403 });
    const { body } = await admin('GET', '/api/v1/users');
    const [ann, bobRow] = body.items;
    expect((await admin('PATCH', `/api/v1/users/${ann.id}`, { body: { role: 'user' } })).body.code).toBe(
      'state.refused',
    );
    await admin('PATCH', `/api/v1/users/${bobRow.id}`, { body: { role: 'administrator' } });
    expect((await admin('PATCH', `/api/v1/users/${ann.id}`, { body: { role: 'user' } })).status).toBe(200);
    const clash = { username: 'BOB', email: 'c@example.com', password: PASSWORD };
    expect((await user('POST', '/api/v1/users', { body: clash })).body.code).toBe('resource.exists');
  });

  it('deactivating one stops the spaces, deletes nothing, and ends sessions and tokens at once', async () => {
    const admin = await test.admin();
    await test.liveLocation();
    const user = await bob(admin);
    const made = await token(user, ['*']);
    const { body: template } = await admin('POST', '/api/v1/templates', {
      body: { name: 't', platform: 'nomad', job: 'job "x" {}' },
    });
    const ids: string[] = [];
    for (const name of ['aa', 'bb', 'cc']) {
      const { body } = await user('POST', '/api/v1/spaces', { body: { name, templateId: template.id } });
      ids.push(body.id);
      if (name !== 'cc') await user('POST', `/api/v1/spaces/${body.id}/start`);
    }
    const { body: me } = await user('GET', '/api/v1/me');
    const head = await test.origin.store.head('location:home');
    const answer = await admin('PATCH', `/api/v1/users/${me.id}`, { body: { active: false } });
    expect(answer.body).toMatchObject({ active: false, running: 0, spaces: 3 });
    const told = await test.origin.store.log('location:home', head, 10);
    expect(told.map(({ id }) => id).sort()).toEqual(ids.slice(0, 2).sort());
    expect((await user('GET', '/api/v1/me')).status).toBe(401);
    expect((await made.ask('GET', '/api/v1/me')).status).toBe(401);
    const start = await admin('POST', `/api/v1/spaces/${ids[0]}/start`);
    expect(start.body).toMatchObject({ code: 'state.refused' });
    await admin('PATCH', `/api/v1/users/${me.id}`, { body: { active: true } });
    // no leaf has looked at it since
    expect((await admin('GET', `/api/v1/spaces/${ids[0]}`)).body).toMatchObject({ want: 'stopped', phase: 'Stopping' });
    expect((await test.signIn('bob')) !== null).toBe(true);
  });
});

describe('the audit', () => {
  it('holds deeds with who, from where and on what, and refusals counted', async () => {
    const admin = await test.admin();
    const user = await bob(admin);
    for (let i = 0; i < 3; i += 1) await user('GET', '/api/v1/users');
    await login('ann', 'wrong');
    const { body } = await admin('GET', '/api/v1/audit');
    expect(body.items.map((entry: { action: string }) => entry.action)).toEqual([
      'session.start',
      'user.create',
      'session.start',
      'setup.finish',
    ]);
    expect(body.items[1]).toMatchObject({ actor: 'ann', address: '127.0.0.1', outcome: 'done', subjectKind: 'user' });
    await test.origin.close();
    await test.start();
    const after = await (await test.signIn('ann'))('GET', '/api/v1/audit?limit=200');
    const refused = after.body.items.filter((entry: { outcome: string }) => entry.outcome === 'refused');
    expect(refused).toHaveLength(2);
    expect(refused).toContainEqual(
      expect.objectContaining({
        actor: 'bob',
        action: 'GET /api/v1/users',
        details: expect.objectContaining({ count: 3, code: 'access.denied' }),
      }),
    );
    expect((await user('GET', '/api/v1/audit')).status).toBe(403);
  });
});
