import { request } from 'node:https';
import { beforeAll, describe, expect, it } from 'vitest';
import { startAppLeaf, startAppSpace } from '../tools/app-space.js';
import { newPerson, spokenBy, type Person } from '../tools/browser.js';
import { locationReady, startOrigin, type Leaf, type Origin } from '../tools/cluster.js';
import { eventually } from '../tools/eventually.js';
import { describeHostileRequests } from '../tools/hostile-requests.js';
import { freePort } from '../tools/ports.js';
import { fillSignIn } from '../tools/sign-in-page.js';

const SOON = { timeout: 60_000, interval: 200 };

let origin: Origin;
let leaf: Leaf;
let ada: Person;
let space: string;
/** Straight to the leaf: `https://ada--work--shop.lon.knot-apps.test:<port>/` */
let address: string;
/** The same by the origin, where it is a path of the one host of apps: `http://all.knot-apps.test:<port>/ada--work--shop/` */
let byPath: string;
let appPort: number;

beforeAll(async () => {
  const port = await freePort();
  origin = await startOrigin({ port, config: { 'server.apps_url': `http://all.knot-apps.test:${port}` } });
  leaf = await startAppLeaf(origin, { direct: 'https' });
  const app = await startAppSpace(origin);
  space = app.id;
  ({ directAddress: address, address: byPath, port: appPort } = app.port);
  ada = await newPerson({ url: origin.url, ignoreHTTPSErrors: true });
});

const shown = () => ada.page.locator('#log').innerText();

function shows(text: string | RegExp): Promise<string> {
  return eventually(shown, (seen) => seen.search(text) >= 0, { ...SOON, what: `${String(text)} on the page` });
}

/** A request with the cookies that the browser has at the app, or without. */
async function status(cookie: string, path = '/'): Promise<number> {
  const { port, host } = new URL(address);
  const headers = { host, cookie, accept: '*/*' };
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port, path, headers, agent: false, rejectUnauthorized: false },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      },
    );
    sent.on('error', reject);
    sent.end();
  });
}

async function cookies(): Promise<string> {
  return (await ada.context.cookies(address)).map(({ name, value }) => `${name}=${value}`).join('; ');
}

describe("a web app behind its leaf's own host", () => {
  it('is opened by its address there: sign in at knot, and the app is there', async () => {
    expect(address).toMatch(/^https:\/\/ada--work--shop\.lon\.knot-apps\.test:\d+\/$/);
    await ada.page.goto(`${address}deep/link?x=1`);
    await fillSignIn(ada);
    await ada.page.waitForURL(`${address}deep/link?x=1`, { timeout: 60_000 });
    await ada.page.goto(address);
    await shows('said back hello');
    await shows('event later');
    expect(await spokenBy(ada.page)).toBe('h2');
    expect(await shown()).not.toContain('knot-app=');
  });

  it('lets in nobody else, and answers nothing of knot there', async () => {
    expect(await status(await cookies())).toBe(200);
    expect(await status('')).toBe(401);
    expect(await status('__Host-knot-app=eyJ4IjoxfQ.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA')).toBe(401);
    expect(await status('', '/readyz')).toBe(401);
    expect(await status('', '/.knot/enter')).toBe(404);
  });

  it('says on a page what does not open, in the language of the browser, and leads back to the app', async () => {
    const { page, faults } = await newPerson({ url: origin.url, locale: 'de-DE', ignoreHTTPSErrors: true });
    const answer = await page.goto(`${address}.knot/nothing`);
    expect(answer?.status()).toBe(404);
    expect(await page.locator('h1').innerText()).toBe('Diese Anwendung öffnet sich für Sie nicht');
    expect(await page.evaluate(() => getComputedStyle(document.body).maxWidth)).toBe('576px');
    expect(await page.getByRole('link', { name: 'Zu den Spaces' }).getAttribute('href')).toBe(`${origin.url}/spaces`);
    await page.getByRole('link', { name: 'Noch einmal versuchen' }).click();
    await page.waitForURL(/\/sign-in\?to=/);
    expect(faults.filter((fault) => /security policy/i.test(fault))).toEqual([]);
    await page.context().close();
  });

  it('is linked so from the page of its space', async () => {
    const dashboard = await ada.context.newPage();
    await dashboard.goto(`${origin.url}/spaces/${space}`);
    const link = dashboard.getByRole('link', { name: /^Straight to lon/ });
    await link.waitFor({ timeout: 60_000 });
    expect(await link.getAttribute('href')).toBe(address);
    await dashboard.goto(`${origin.url}/locations/lon`);
    await dashboard.getByText(new URL(address).port).first().waitFor({ timeout: 60_000 });
    await dashboard.close();
  });

  it('goes on while the origin is away, and is opened again by the sign-in of before', async () => {
    const before = await shown();
    await origin.process.kill();
    await ada.page.evaluate(() => document.querySelector('#log')?.append('origin away\n'));
    await shows(/origin away[\s\S]*event later/);
    expect((await shown()).slice(before.length)).not.toContain('closed');
    await ada.page.reload();
    await shows('said back hello');
    // a leaf that starts while the origin is away lets in too
    await leaf.process.kill();
    leaf = await leaf.restart();
    await shows(/closed 1\d\d\d[\s\S]*said back hello/);
    origin = await origin.restart();
    await locationReady(origin, 'lon', 'local');
  });

  it('is cut as soon as whoever opened it has signed out', async () => {
    const cookie = await cookies();
    const dashboard = await ada.context.newPage();
    await dashboard.goto('/spaces');
    const { length } = await shown();
    expect(
      await dashboard.evaluate(async () => (await fetch('/api/v1/auth/logout', { method: 'POST' })).status),
    ).toBeLessThan(300);
    await eventually(shown, (text) => /closed 10\d\d/.test(text.slice(length)), { ...SOON, what: 'the cut' });
    expect(await status(cookie)).toBe(401);
  });
});

/** By its path, with all it does, by somebody who signs in on the way. */
async function worksByPath(at: string, cookie: string): Promise<void> {
  const { page } = await newPerson({ url: origin.url, ignoreHTTPSErrors: true });
  await page.goto(at.slice(0, -1));
  await fillSignIn({ page });
  await page.waitForURL(at, { timeout: 60_000 });
  const log = () => page.locator('#log').innerText();
  const seen = await eventually(
    log,
    (text) => ['said back hello', 'event later', 'headers'].every((word) => text.includes(word)),
    { ...SOON, what: 'the app to work' },
  );
  expect(seen).toContain('"X-Forwarded-Prefix","/ada--work--shop"');
  expect(seen).not.toContain('knot-app=');
  const cookies = await page.context().cookies(`${at}x`);
  expect(cookies.map(({ name, path }) => [name, path])).toEqual(
    expect.arrayContaining([
      [cookie, '/ada--work--shop/'],
      ['mine', '/ada--work--shop/'],
    ]),
  );
  expect(await page.context().cookies(new URL('/', at).href)).toEqual([]);
}

describe('an app that is a path of one host', () => {
  it('is opened by its address at the origin, with its WebSocket and its events, and signs in for its own paths', async () => {
    expect(byPath).toMatch(/^http:\/\/all\.knot-apps\.test:\d+\/ada--work--shop\/$/);
    await worksByPath(byPath, 'knot-app');
  });
});

describeHostileRequests('a host of apps at the leaf', () => ({
  ...{ originUrl: origin.url, address },
  otherAddress: address.replace('--shop.', `--${appPort}.`),
}));

describe("an app that is a path of its leaf's own host", () => {
  it('is opened by its address there, once the leaf has no wildcard name any more', async () => {
    const { port } = new URL(address);
    const appsUrl = `https://lon-all.knot-apps.test:${port}`;
    await leaf.process.kill();
    leaf = await leaf.reconfigured({ 'server.wildcard_domain': undefined, 'server.apps_url': appsUrl });
    const { ports } = await eventually(
      () => origin.api.space(space),
      (seen) => seen.ports.some(({ directAddress }) => directAddress.startsWith(appsUrl)),
      { ...SOON, what: 'the address by the path' },
    );
    expect(ports).toMatchObject([{ directAddress: `${appsUrl}/ada--work--shop/` }]);
    await worksByPath(`${appsUrl}/ada--work--shop/`, '__Secure-knot-app');
  });
});
