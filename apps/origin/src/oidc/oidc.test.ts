import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PASSWORD, TestOrigin, type Answer, type Ask } from '../testing/test-origin.js';

interface Account {
  readonly preferred_username: string;
  readonly email: string;
  readonly groups?: readonly string[];
}

let test: TestOrigin;
let issuer: string;
let web: Server;
/** By subject. */
const accounts = new Map<string, Account>();

beforeEach(async () => {
  accounts.clear();
  web = createServer();
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
}, 60_000);

afterEach(async () => {
  await test.close();
  await new Promise((resolve) => web.close(resolve));
});

/** An origin that asks the provider, which sends people back to where the origin really listens. */
async function open(env: Readonly<Record<string, string>> = {}): Promise<void> {
  const oidc = { KNOT_OIDC_ISSUER: issuer, KNOT_OIDC_CLIENT_ID: 'knot', KNOT_OIDC_CLIENT_SECRET: 'a-secret-of-knot' };
  test = await TestOrigin.open({ ...oidc, KNOT_URL: 'http://127.0.0.1:3000', ...env });
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'knot',
        client_secret: 'a-secret-of-knot',
        redirect_uris: ['http://127.0.0.1:3000/api/v1/auth/oidc/callback'],
      },
    ],
    claims: { openid: ['sub'], email: ['email'], profile: ['preferred_username', 'groups'] },
    conformIdTokenClaims: false,
    findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub, ...accounts.get(sub) }) }),
    cookies: { keys: ['a-key-of-the-test'] },
  });
  web.removeAllListeners('request');
  const answer = provider.callback();
  web.on('request', (request, response) => void answer(request, response));
}

/** What a browser keeps, and where it goes: every site its own cookies. */
class Browser {
  private readonly jars = new Map<string, Map<string, string>>();

  async go(url: string, init: RequestInit = {}): Promise<Response> {
    const jar = this.jar(url);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, { ...init, redirect: 'manual', headers: { ...init.headers, cookie } });
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      if (/max-age=0|expires=thu, 01 jan 1970/i.test(line)) jar.delete(pair.slice(0, at));
      else jar.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return answer;
  }

  jar(url: string): Map<string, string> {
    const { origin } = new URL(url);
    const jar = this.jars.get(origin) ?? new Map<string, string>();
    this.jars.set(origin, jar);
    return jar;
  }

  /** Signs in at the provider as somebody, and comes to the address that it sends back to. */
  async through(from: string, subject: string): Promise<string> {
    let url = from;
    for (let hop = 0; hop < 20; hop += 1) {
      if (url.includes('/auth/oidc/callback')) return url.replace('http://127.0.0.1:3000', test.url);
      const answer = await this.go(url);
      const location = answer.headers.get('location');
      if (location) url = new URL(location, url).href;
      else url = await this.fill(await answer.text(), url, subject);
    }
    throw new Error(`never came back: ${url}`);
  }

  private async fill(page: string, url: string, subject: string): Promise<string> {
    const action = /action="([^"]+)"/.exec(page)?.[1] ?? '';
    const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1] ?? '';
    const body = new URLSearchParams({ prompt, login: subject, password: 'any' });
    const answer = await this.go(new URL(action, url).href, { method: 'POST', body });
    return new URL(answer.headers.get('location') ?? '', url).href;
  }

  get ask(): Ask {
    const cookie = [...this.jar(test.url)].map(([name, value]) => `${name}=${value}`).join('; ');
    return test.as({ cookie });
  }
}

async function signIn(subject: string, browser = new Browser(), query = ''): Promise<{ browser: Browser; to: string }> {
  const begun = await browser.go(`${test.url}/api/v1/auth/oidc${query}`);
  expect(begun.status).toBe(302);
  const back = await browser.through(begun.headers.get('location') ?? '', subject);
  const done = await browser.go(back);
  return { browser, to: done.headers.get('location') ?? '' };
}

async function me(browser: Browser): Promise<Answer['body']> {
  return (await browser.ask('GET', '/api/v1/me')).body;
}

describe('sign-in by a provider', () => {
  it('makes a user of whoever it knows, by issuer and subject, with the groups of the claim', async () => {
    await open();
    const admin = await test.admin();
    const group = (await admin('POST', '/api/v1/groups', { body: { name: 'Compilers' } })).body;
    accounts.set('s-1', { preferred_username: 'Ann', email: 'ann@id.example', groups: ['compilers', 'unknown'] });
    const { browser, to } = await signIn('s-1', new Browser(), '?return=/spaces%3Fq%3Da');
    expect(to).toBe('/spaces?q=a');
    const first = await me(browser);
    // the name is an administrator's already, and being called so gives nothing
    expect(first).toMatchObject({ username: 'Ann-2', role: 'user', groups: [group.id], via: 'session' });
    accounts.set('s-1', { preferred_username: 'other', email: 'new@id.example', groups: [] });
    const again = await me((await signIn('s-1')).browser);
    expect(again).toMatchObject({ id: first.id, username: 'Ann-2', email: 'ann@id.example', groups: [] });
    const { items } = (await admin('GET', `/api/v1/audit?subject=${first.id}`)).body;
    expect(items.map(({ action }: { action: string }) => action)).toEqual(['session.start', 'user.join']);
    // nobody gets in by the password that such a user does not have
    const body = { username: 'Ann-2', password: '' };
    expect((await test.ask('POST', '/api/v1/auth/login', { body: { ...body, password: PASSWORD } })).status).toBe(401);
  });

  it('never takes somebody for a user by the e-mail address; a user links the account first', async () => {
    await open();
    await test.admin();
    accounts.set('s-2', { preferred_username: 'root', email: 'ann@example.com' });
    const refused = await signIn('s-2');
    expect(refused.to).toBe('/sign-in?problem=email-taken');
    expect((await refused.browser.ask('GET', '/api/v1/me')).status).toBe(401);
    const browser = new Browser();
    const login = JSON.stringify({ username: 'ann', password: PASSWORD });
    const headers = { 'content-type': 'application/json' };
    await browser.go(`${test.url}/api/v1/auth/login`, { method: 'POST', headers, body: login });
    const begun = await browser.go(`${test.url}/api/v1/me/oidc-link`, { method: 'POST' });
    const { url }: { url: string } = JSON.parse(await begun.text());
    const back = await browser.through(url, 's-2');
    expect((await browser.go(back)).headers.get('location')).toBe('/profile');
    const linked = (await signIn('s-2')).browser;
    const who = { username: 'ann', role: 'administrator', linked: true, password: true };
    expect(await me(linked)).toMatchObject(who);
    // the account lets in until it is parted from the user, which takes a password and a fresh sign-in
    expect((await browser.go(`${test.url}/api/v1/me/oidc-link`, { method: 'DELETE' })).status).toBe(204);
    expect(await me(browser)).toMatchObject({ ...who, linked: false });
    expect((await signIn('s-2')).to).toBe('/sign-in?problem=email-taken');
    expect((await browser.go(`${test.url}/api/v1/me/oidc-link`, { method: 'DELETE' })).status).toBe(409);
  });

  it('leads back to the profile where a link is refused, and leaves nobody without a way in', async () => {
    await open();
    await test.admin();
    accounts.set('s-6', { preferred_username: 'kim', email: 'kim@id.example' });
    const kim = (await signIn('s-6')).browser;
    expect(await me(kim)).toMatchObject({ linked: true, password: false });
    const parted = await kim.go(`${test.url}/api/v1/me/oidc-link`, { method: 'DELETE' });
    expect({ status: parted.status, text: await parted.text() }).toMatchObject({
      status: 409,
      text: expect.stringContaining('Nothing else would let you in'),
    });
    const ann = new Browser();
    const headers = { 'content-type': 'application/json' };
    const login = JSON.stringify({ username: 'ann', password: PASSWORD });
    await ann.go(`${test.url}/api/v1/auth/login`, { method: 'POST', headers, body: login });
    const begun = await ann.go(`${test.url}/api/v1/me/oidc-link`, { method: 'POST' });
    const { url }: { url: string } = JSON.parse(await begun.text());
    const back = await ann.through(url, 's-6');
    expect((await ann.go(back)).headers.get('location')).toBe('/profile?problem=account-taken');
  });

  it('lets in nobody who was deactivated, and makes no users where that is switched off', async () => {
    await open({ KNOT_OIDC_CREATE_USERS: 'false', KNOT_OIDC_PASSWORDS: 'false' });
    accounts.set('s-3', { preferred_username: 'bob', email: 'bob@id.example' });
    expect((await signIn('s-3')).to).toBe('/sign-in?problem=no-user');
    expect((await test.ask('GET', '/api/v1/auth/ways')).body).toEqual({ passwords: false, provider: 'OpenID' });
    const code = test.origin.setupCode;
    await test.ask('POST', '/api/v1/setup', { body: { code, username: 'ann', email: 'a@x.y', password: PASSWORD } });
    const login = await test.ask('POST', '/api/v1/auth/login', { body: { username: 'ann', password: PASSWORD } });
    expect(login).toMatchObject({ status: 403, body: { code: 'access.denied' } });
  });

  it('belongs to the browser that began it, once, and to no other state', async () => {
    await open();
    await test.admin();
    accounts.set('s-4', { preferred_username: 'bob', email: 'bob@id.example' });
    const victim = new Browser();
    const begun = await victim.go(`${test.url}/api/v1/auth/oidc`);
    const back = await victim.through(begun.headers.get('location') ?? '', 's-4');
    // login CSRF: another browser is given the address that came back
    const other = new Browser();
    expect((await other.go(back)).headers.get('location')).toBe('/sign-in?problem=not-begun');
    // another flow of the same browser has another state
    await other.go(`${test.url}/api/v1/auth/oidc`);
    expect((await other.go(back)).headers.get('location')).toBe('/sign-in?problem=not-let-in');
    const changed = new URL(back);
    changed.searchParams.set('state', 'x');
    expect((await victim.go(changed.href)).headers.get('location')).toContain('/sign-in?problem=');
    const lines = test.lines.join('\n');
    expect(lines).not.toContain(new URL(back).searchParams.get('code') ?? 'no code');
    expect(lines).not.toContain('a-secret-of-knot');
  });

  it('gives a new session, whatever the browser showed before', async () => {
    await open();
    await test.admin();
    accounts.set('s-5', { preferred_username: 'bob', email: 'bob@id.example' });
    const browser = new Browser();
    browser.jar(test.url).set('knot', 'kns_planted_by_somebody');
    await signIn('s-5', browser);
    expect(browser.jar(test.url).get('knot')).toMatch(/^kns_(?!planted)/);
    expect(await me(browser)).toMatchObject({ username: 'bob' });
  });

  it.each([
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example',
    '/%09/evil.example\\@',
    'javascript:alert(1)',
    '/\tevil',
  ])('leads to no other site: %s', async (wanted) => {
    await open();
    await test.admin();
    accounts.set('s-6', { preferred_username: 'bob', email: 'bob@id.example' });
    const { to } = await signIn('s-6', new Browser(), `?return=${encodeURIComponent(wanted)}`);
    expect(new URL(to, 'http://own.example').host).toBe('own.example');
    expect(to).not.toMatch(/^\/[/\\]/);
  });
});
