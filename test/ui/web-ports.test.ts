import { createHash, randomBytes } from 'node:crypto';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { beforeAll, describe, expect, it } from 'vitest';
import { startAppLeaf, startAppSpace } from '../tools/app-space.js';
import { newPerson, spokenBy, type Person } from '../tools/browser.js';
import { ADMINISTRATOR, startOrigin, type Leaf, type Origin } from '../tools/cluster.js';
import { eventually } from '../tools/eventually.js';
import { describeHostileRequests } from '../tools/hostile-requests.js';
import { freePort } from '../tools/ports.js';
import { fillSignIn } from '../tools/sign-in-page.js';
import { violations } from './axe.js';

const SOON = { timeout: 60_000, interval: 200 };
const MEGABYTE = 1024 * 1024;

let origin: Origin;
let leaf: Leaf;
let ada: Person;
let appPort: number;
let logsPort: number;
let space: string;
/** `https://ada--work--shop.knot-apps.test:<port>/` */
let address: string;
let cookie: string;

beforeAll(async () => {
  origin = await startOrigin({ tls: true, config: { 'server.wildcard_domain': '*.knot-apps.test' } });
  leaf = await startAppLeaf(origin);
  logsPort = await freePort();
  const app = await startAppSpace(origin, { KNOT_LOGS_PORT: logsPort });
  [space, appPort, address] = [app.id, app.port.port, app.port.address];
  ada = await newPerson({ url: origin.url, ignoreHTTPSErrors: true });
});

const shown = () => ada.page.locator('#log').innerText();

function shows(text: string): Promise<string> {
  return eventually(shown, (seen) => seen.includes(text), { ...SOON, what: `${text} on the page` });
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** A request as a program sends it, with any Host and any header. */
function raw(path: string, options: RequestOptions = {}, body: Buffer | string = ''): Promise<Answer> {
  const { port } = new URL(origin.url);
  const headers = { host: new URL(address).host, cookie, ...options.headers };
  return new Promise((resolve, reject) => {
    const given = { host: '127.0.0.1', port, path, rejectUnauthorized: false, agent: false };
    const sent = httpsRequest({ ...given, ...options, headers }, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text }));
      answer.on('error', reject);
    });
    sent.on('error', reject);
    sent.on('upgrade', (answer, socket) => {
      socket.destroy();
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: '' });
    });
    sent.end(body);
  });
}

describe('a web app of a space', () => {
  it('has an address that its space lists once something listens there', async () => {
    const { ports } = await origin.api.space(space);
    const { port } = new URL(origin.url);
    expect(address).toBe(`https://ada--work--shop.knot-apps.test:${port}/`);
    expect(ports).toEqual([
      {
        ...{ port: appPort, label: 'Shop', protocol: 'http', kind: '', address },
        ...{ directAddress: '', share: 'owner', sharedBy: 'location' },
      },
    ]);
  });

  it('is opened by its address: sign in at knot, and the app is there', async () => {
    await ada.page.goto(`${address}deep/link?x=1`);
    await fillSignIn(ada);
    await ada.page.waitForURL(`${address}deep/link?x=1`, { timeout: 60_000 });
    expect(await ada.page.locator('body').innerText()).toBe('at /deep/link?x=1');
    await ada.page.goto(address);
    await ada.page.getByRole('heading', { name: 'The app' }).waitFor();
    const cookies = await ada.context.cookies(address);
    expect(cookies.map(({ name, httpOnly, secure }) => [name, httpOnly, secure])).toContainEqual([
      '__Host-knot-app',
      true,
      true,
    ]);
    cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  });

  it('is opened from its space in the dashboard', async () => {
    const dashboard = await ada.context.newPage();
    await dashboard.goto(`/spaces/${space}`);
    const opened = ada.context.waitForEvent('page');
    await dashboard.getByRole('link', { name: /^Open Shop/ }).click();
    const app = await opened;
    await app.getByRole('heading', { name: 'The app' }).waitFor();
    expect(app.url()).toBe(address);
    expect(await app.evaluate(() => window.opener === null)).toBe(true);
    await app.close();
    await dashboard.close();
  });

  it('stays closed to somebody else, who is told so on a page of knot', async () => {
    const person = { username: 'bob', email: 'bob@example.com', password: ADMINISTRATOR.password };
    await origin.api.request('POST', '/users', person);
    const { page } = await newPerson({ url: origin.url, ignoreHTTPSErrors: true });
    await page.goto(address);
    await page.getByLabel('User name or e-mail').fill(person.username);
    await page.locator('input[name=password]').fill(person.password);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'This app does not open for you' }).waitFor();
    expect(new URL(page.url()).origin).toBe(origin.url);
  });

  it('gets nothing that knot is signed in with, and sets no cookie for its neighbours', async () => {
    const text = await shows('headers ');
    expect(text).not.toContain('knot-app=');
    expect(text).not.toContain('kns_');
    expect(text).toContain(new URL(address).host);
    const cookies = await ada.context.cookies(address);
    expect(cookies.find(({ name }) => name === 'mine')?.domain).toBe(new URL(address).hostname);
  });

  it('speaks HTTP/2 with its pages and events, and WebSocket beside them by a connection of its own', async () => {
    const wire = await ada.context.newCDPSession(ada.page);
    await wire.send('Network.enable');
    const shaken = new Promise<number>((resolve) =>
      wire.once('Network.webSocketHandshakeResponseReceived', ({ response }) => resolve(response.status)),
    );
    await ada.page.reload();
    // of HTTP/1.1; by HTTP/2 it would be 200
    expect(await shaken).toBe(101);
    await shows('said back hello');
    await shows('event first');
    await shows('event later');
    expect(await spokenBy(ada.page)).toBe('h2');
    await wire.detach();
  });

  it('takes large uploads and gives large downloads, read no faster than they are taken', async () => {
    const body = randomBytes(16 * MEGABYTE);
    const answer = await raw('/upload', { method: 'POST', headers: { origin: new URL(address).origin } }, body);
    expect(JSON.parse(answer.body)).toEqual({
      bytes: body.length,
      sha256: createHash('sha256').update(body).digest('hex'),
    });
    const { port } = new URL(origin.url);
    const headers = { host: new URL(address).host, cookie };
    const paused = httpsRequest({
      ...{ host: '127.0.0.1', port, headers, agent: false, rejectUnauthorized: false },
      path: `/download?bytes=${512 * MEGABYTE}`,
    });
    paused.on('error', () => undefined).end();
    await new Promise<void>((resolve) => paused.once('response', (taken) => resolve(void taken.pause())));
    const sent = async () => Number((await raw('/sent')).body);
    let before = -1;
    const stuck = await eventually(
      sent,
      (now) => {
        const same = now === before;
        before = now;
        return same && now > 0;
      },
      { ...SOON, interval: 1_000, what: 'the app to be held back' },
    );
    expect(stuck).toBeLessThan(64 * MEGABYTE);
    paused.destroy();
  });

  it.each([
    ['without a cookie, a page', {}, 303],
    ['without a cookie, what a page asks for', { accept: '*/*' }, 401],
    ['with a forged cookie', { cookie: '__Host-knot-app=eyJ4IjoxfQ.c2ln', accept: '*/*' }, 401],
    [
      'from a page of another site',
      { cookie: 'own', origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' },
      403,
    ],
    ['from another app of the same domain', { cookie: 'own', 'sec-fetch-site': 'same-site' }, 403],
    [
      'framed by another site',
      { cookie: 'own', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
      403,
    ],
    [
      'by a link on another site',
      { cookie: 'own', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
      200,
    ],
  ])('answers a request %s', async (_what, given: Record<string, string>, status) => {
    const headers = {
      accept: 'text/html',
      ...given,
      cookie: given['cookie'] === 'own' ? cookie : (given['cookie'] ?? ''),
    };
    expect((await raw('/', { headers })).status).toBe(status);
  });

  it('is opened by WebSocket from its own pages only', async () => {
    const upgrade = {
      ...{ connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' },
      'sec-websocket-key': randomBytes(16).toString('base64'),
    };
    const status = async (more: Record<string, string>) =>
      (await raw('/socket', { headers: { ...upgrade, ...more } })).status;
    expect(await status({ origin: new URL(address).origin })).toBe(101);
    expect(await status({ origin: 'https://evil.test' })).toBe(403);
    expect(await status({ origin: origin.url })).toBe(403);
    expect(await status({})).toBe(403);
  });

  it('has what its space says shown as it comes, as text, and searched', async () => {
    const say = (message: string, level = 'info') =>
      fetch(`http://127.0.0.1:${logsPort}/logs`, {
        method: 'POST',
        body: JSON.stringify({ service: 'web', level, message }),
      });
    const dashboard = await ada.context.newPage();
    await dashboard.goto(`/spaces/${space}`);
    await dashboard.getByRole('link', { name: 'Logs' }).click();
    await dashboard.getByRole('heading', { name: 'Nothing has been said yet' }).waitFor();
    await say('\u001b[31mno database\u001b[0m', 'error');
    await say('<img src=x onerror="document.title=1"> served');
    const lines = dashboard.getByRole('list', { name: /^Lines/ }).getByRole('listitem');
    await lines.filter({ hasText: 'served' }).waitFor();
    expect(await lines.allInnerTexts()).toEqual([
      expect.stringMatching(/^\d\d:\d\d:\d\d\s+error\s+web no database$/),
      expect.stringMatching(/^\d\d:\d\d:\d\d\s+info\s+web <img src=x onerror="document.title=1"> served$/),
    ]);
    expect(await violations(dashboard)).toEqual([]);
    await dashboard.getByRole('searchbox', { name: 'Search the lines' }).fill('DATABASE');
    await lines.filter({ hasText: 'served' }).waitFor({ state: 'detached' });
    await say('a second database');
    await lines.nth(1).waitFor();
    const hostile = `<img src=x onerror="document.title='struck'"> database`;
    await say(hostile);
    await lines.filter({ hasText: hostile }).waitFor();
    expect(await dashboard.locator('img[src=x]').count()).toBe(0);
    expect(await dashboard.title()).not.toContain('struck');
    await dashboard.getByRole('checkbox', { name: 'Follow' }).click();
    await dashboard.getByText('As of now.').waitFor();
    expect(await lines.count()).toBe(3);
    expect(new URL(dashboard.url()).search).toBe('?search=DATABASE&follow=off');
    await dashboard.getByRole('searchbox', { name: 'Search the lines' }).fill('nobody said this');
    await dashboard.getByRole('heading', { name: 'No line holds nobody said this' }).waitFor();
    await dashboard.close();
  });

  it('has its WebSocket closed with 1012 when the leaf is killed, and back with the leaf', async () => {
    await ada.page.reload();
    await shows('said back hello');
    await leaf.process.kill();
    await shows('closed 1012');
    leaf = await leaf.restart();
    await eventually(shown, (text) => /closed 1012[\s\S]*said back hello/.test(text), {
      ...SOON,
      what: 'the WebSocket to be back',
    });
  });

  it('is cut as soon as whoever opened it has signed out', async () => {
    const before = (await shown()).length;
    const dashboard = await ada.context.newPage();
    await dashboard.goto('/spaces');
    const status = await dashboard.evaluate(
      async () => (await fetch('/api/v1/auth/logout', { method: 'POST' })).status,
    );
    expect(status).toBeLessThan(300);
    await eventually(shown, (text) => /closed 1012|closed 1006/.test(text.slice(before)), {
      ...SOON,
      what: 'the WebSocket to be cut',
    });
    expect((await raw('/', { headers: { accept: '*/*' } })).status).toBe(401);
  });
});

describeHostileRequests('a host of apps at the origin', () => ({
  ...{ originUrl: origin.url, address },
  otherAddress: address.replace('--shop.', `--${appPort}.`),
}));
