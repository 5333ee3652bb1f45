import { request } from 'node:http';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { AGENT } from '../tools/agent.js';
import type { Space } from '../tools/api-client.js';
import { newPerson, type Person } from '../tools/browser.js';
import { ADMINISTRATOR, locationReady, startLeaf, startOrigin, type Leaf, type Origin } from '../tools/cluster.js';
import { eventually } from '../tools/eventually.js';
import { freePort } from '../tools/ports.js';
import { freshFolder } from '../tools/processes.js';

const SOON = { timeout: 60_000, interval: 200 };
const APP = join(dirname(dirname(fileURLToPath(import.meta.url))), 'tools/web-app.mjs');

let origin: Origin;
let leaf: Leaf;
let ada: Person;
let space: string;
/** Straight to the leaf: `http://ada--work--shop.lon.knot-apps.test:<port>/` */
let address: string;

beforeAll(async () => {
  origin = await startOrigin({ config: { 'server.wildcard_domain': '*.knot-apps.test' } });
  const listen = await freePort();
  const config = {
    'server.local.path': freshFolder('spaces'),
    'server.listen_agent': `127.0.0.1:${await freePort()}`,
    'server.direct_url': `http://127.0.0.1:${listen}`,
    'server.wildcard_domain': '*.lon.knot-apps.test',
  };
  leaf = await startLeaf(origin, { location: 'lon', local: true, config, listen });
  await locationReady(origin, 'lon', 'local');
  const appPort = await freePort();
  const job = `
command: ${process.execPath} ${APP} & exec ${process.execPath} ${AGENT} agent
env: { PORT: ${appPort}, KNOT_HTTP_PORT: "${appPort}=Shop", KNOT_LOGS_PORT: 0, KNOT_SYSLOG_PORT: 0 }
`;
  const template = await origin.api.createTemplate({ name: 'shop', platform: 'local', job });
  ({ id: space } = await origin.api.createSpace('work', template.id, 'lon'));
  await origin.api.wish(space, 'start');
  const { ports } = await eventually(
    () => origin.api.space(space),
    (seen: Space) => seen.ports.length > 0,
    { ...SOON, what: 'the ports' },
  );
  address = ports[0]?.directAddress ?? '';
  ada = await newPerson({ url: origin.url });
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
    const sent = request({ host: '127.0.0.1', port, path, headers, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    sent.on('error', reject);
    sent.end();
  });
}

async function cookies(): Promise<string> {
  return (await ada.context.cookies(address)).map(({ name, value }) => `${name}=${value}`).join('; ');
}

describe("a web app behind its leaf's own host", () => {
  it('is opened by its address there: sign in at knot, and the app is there', async () => {
    expect(address).toMatch(/^http:\/\/ada--work--shop\.lon\.knot-apps\.test:\d+\/$/);
    await ada.page.goto(`${address}deep/link?x=1`);
    await ada.page.getByLabel('User name or e-mail').fill(ADMINISTRATOR.username);
    await ada.page.locator('input[name=password]').fill(ADMINISTRATOR.password);
    await ada.page.keyboard.press('Enter');
    await ada.page.waitForURL(`${address}deep/link?x=1`, { timeout: 60_000 });
    await ada.page.goto(address);
    await shows('said back hello');
    await shows('event later');
    expect(await shown()).not.toContain('knot-app=');
  });

  it('lets in nobody else, and answers nothing of knot there', async () => {
    expect(await status(await cookies())).toBe(200);
    expect(await status('')).toBe(401);
    expect(await status('knot-app=eyJ4IjoxfQ.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA')).toBe(401);
    expect(await status('', '/readyz')).toBe(401);
    expect(await status('', '/.knot/enter')).toBe(404);
  });

  it('is linked so from the page of its space', async () => {
    const dashboard = await ada.context.newPage();
    await dashboard.goto(`${origin.url}/spaces/${space}`);
    const link = dashboard.getByRole('link', { name: /straight at lon/ });
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
