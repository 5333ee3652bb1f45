import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PASSWORD, TestOrigin, type Ask } from '../testing/test-origin.js';
import { fromBase32, stepAt, totpCode } from './totp.js';

let test: TestOrigin;
let admin: Ask;

beforeEach(async () => {
  test = await TestOrigin.open();
  admin = await test.admin();
});

afterEach(() => test.close());

const login = (username: string, code?: string) =>
  test.ask('POST', '/api/v1/auth/login', {
    body: { username, password: PASSWORD, ...(code !== undefined && { code }) },
  });

const codeOf = (secret: string, ahead = 0) => totpCode(fromBase32(secret), stepAt(test.clock.now()) + ahead);

async function enrol(username: string, link: string): Promise<{ secret: string; recoveryCodes: string[] }> {
  const body = { username, password: PASSWORD, link };
  const { secret } = (await test.ask('POST', '/api/v1/auth/totp/begin', { body })).body;
  const done = await test.ask('POST', '/api/v1/auth/totp', { body: { ...body, code: codeOf(secret) } });
  expect(done.status).toBe(200);
  return { secret, recoveryCodes: done.body.recoveryCodes };
}

describe('one-time codes', () => {
  it('are set up by a link that works once and with the password only, and are asked for from then on', async () => {
    const { link, url } = (await admin('POST', '/api/v1/me/totp-link')).body;
    expect(url).toContain(`#${link}`);
    const wrong = { username: 'ann', password: 'not her password', link };
    expect((await test.ask('POST', '/api/v1/auth/totp/begin', { body: wrong })).status).toBe(401);
    const { secret } = await enrol('ann', link);
    const again = { username: 'ann', password: PASSWORD, link, code: codeOf(secret) };
    expect((await test.ask('POST', '/api/v1/auth/totp', { body: again })).body.code).toBe('auth.failed');
    expect((await login('ann')).body).toMatchObject({ code: 'auth.required', reason: 'totp' });
    expect((await login('ann', '000000')).body).toMatchObject({ code: 'auth.failed' });
    test.pass(30_000);
    expect((await login('ann', codeOf(secret))).body).toMatchObject({ username: 'ann', totp: true });
    expect((await admin('GET', '/api/v1/users')).body.items).toMatchObject([{ username: 'ann', totp: true }]);
    const told = JSON.stringify([(await admin('GET', '/api/v1/audit')).body, test.lines]);
    expect([secret, link].filter((one) => told.includes(one))).toEqual([]);
    const kept = JSON.stringify(await test.origin.store.page('secondFactor', { limit: 5 }));
    expect([secret, link].filter((one) => kept.includes(one))).toEqual([]);
  });

  it('prove nobody twice, however close two sign-ins are', async () => {
    const { secret } = await enrol('ann', (await admin('POST', '/api/v1/me/totp-link')).body.link);
    expect((await login('ann', codeOf(secret))).status).toBe(401);
    test.pass(30_000);
    const code = codeOf(secret);
    const statuses = (await Promise.all([login('ann', code), login('ann', code), login('ann', code)])).map(
      ({ status }) => status,
    );
    expect(statuses.sort()).toEqual([200, 401, 401]);
  });

  it('are replaced by recovery codes, each once', async () => {
    const { recoveryCodes } = await enrol('ann', (await admin('POST', '/api/v1/me/totp-link')).body.link);
    expect(new Set(recoveryCodes).size).toBe(10);
    const [first = ''] = recoveryCodes;
    expect((await login('ann', first.toUpperCase())).status).toBe(200);
    expect((await login('ann', first)).status).toBe(401);
  });

  it('are throttled like passwords', async () => {
    const { secret } = await enrol('ann', (await admin('POST', '/api/v1/me/totp-link')).body.link);
    for (let i = 0; i < 5; i += 1) expect((await login('ann', '123456')).status).toBe(401);
    test.pass(30_000);
    expect((await login('ann', codeOf(secret))).status).toBe(429);
  });

  it('are taken from a user by an administrator, and by themselves after a fresh sign-in', async () => {
    await admin('POST', '/api/v1/users', { body: { username: 'bob', email: 'b@x.y', password: PASSWORD } });
    const bob = await test.signIn('bob');
    const { id } = (await bob('GET', '/api/v1/me')).body;
    await enrol('bob', (await admin('POST', `/api/v1/users/${id}/totp-link`)).body.link);
    expect((await login('bob')).status).toBe(401);
    expect((await admin('DELETE', `/api/v1/users/${id}/totp`)).status).toBe(204);
    expect((await login('bob')).status).toBe(200);
    test.pass(16 * 60_000);
    expect((await bob('POST', '/api/v1/me/totp-link')).body).toMatchObject({ code: 'auth.required', reason: 'stale' });
  });
});

describe('where one-time codes are compulsory', () => {
  beforeEach(async () => {
    await test.close();
    test = await TestOrigin.open({ KNOT_ENABLE_TOTP: 'true' });
  });

  it('nobody signs in without one, and the set-up hands the first administrator a link', async () => {
    const body = { code: test.origin.setupCode, username: 'ann', email: 'ann@example.com', password: PASSWORD };
    const { totpUrl } = (await test.ask('POST', '/api/v1/setup', { body })).body;
    expect((await login('ann')).body).toMatchObject({ code: 'auth.required', reason: 'totp-enrol' });
    const printed = test.lines.join('\n').match(/enrol#(kno_[\w-]+)/)?.[1] ?? '';
    const fromSetup = { username: 'ann', password: PASSWORD, link: new URL(totpUrl).hash.slice(1) };
    expect((await test.ask('POST', '/api/v1/auth/totp/begin', { body: fromSetup })).status).toBe(401);
    const { secret } = await enrol('ann', printed);
    test.pass(30_000);
    const signedIn = await login('ann', codeOf(secret));
    const ask = test.as({ cookie: signedIn.headers.get('set-cookie')?.split(';')[0] ?? '' });
    expect((await ask('DELETE', '/api/v1/me/totp')).body.code).toBe('state.refused');
    await ask('POST', '/api/v1/users', { body: { username: 'bob', email: 'b@x.y', password: PASSWORD } });
    const lines = test.lines.length;
    expect((await login('bob')).body).toMatchObject({ reason: 'totp-enrol' });
    expect(test.lines.slice(lines).join()).not.toContain('enrol#');
  });
});

describe('failed sign-ins', () => {
  it('are counted over a restart of the server', async () => {
    for (let i = 0; i < 5; i += 1) {
      await test.ask('POST', '/api/v1/auth/login', { body: { username: 'ann', password: 'wrong' } });
    }
    await test.origin.close();
    await test.start();
    expect((await login('ann')).body.code).toBe('auth.throttled');
    test.pass(15 * 60_000);
    expect((await login('ann')).status).toBe(200);
  });

  it('give a new session each time: one that was planted before signs nobody in', async () => {
    const planted = { cookie: 'knot_session=kns_planted; __Host-knot_session=kns_planted' };
    const answer = await test.ask('POST', '/api/v1/auth/login', {
      body: { username: 'ann', password: PASSWORD },
      headers: planted,
    });
    expect(answer.headers.get('set-cookie')).not.toContain('planted');
    expect((await test.as(planted)('GET', '/api/v1/me')).status).toBe(401);
  });
});
