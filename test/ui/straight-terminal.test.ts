import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient, type Space } from '../tools/api-client.js';
import { fingerprintOf } from '../tools/app-space.js';
import { newPerson, type Person } from '../tools/browser.js';
import {
  ADMINISTRATOR,
  locationReady,
  signIn,
  startLeaf,
  startOrigin,
  type Leaf,
  type Origin,
} from '../tools/cluster.js';
import { makeCertificate } from '../tools/certificates.js';
import { eventually } from '../tools/eventually.js';
import { freePort } from '../tools/ports.js';
import { freshFolder } from '../tools/processes.js';
import { enter as enterAs } from '../tools/sign-in-page.js';
import { agentJoined, spaceWithAgent } from '../tools/ssh.js';
import { startTcpProxy, type TcpProxy } from '../tools/tcp-proxy.js';
import { TerminalPage } from '../tools/terminal-page.js';

const SOON = { timeout: 60_000, interval: 20 };
const STRAIGHT = 'Connected straight to the leaf of lon';
const BY_ORIGIN = 'Connected by the origin';

let origin: Origin;
let leaf: Leaf;
/** Before the leaf, for those who come straight. */
let wire: TcpProxy;
let space: Space;
let ada: Person;
let terminal: TerminalPage;

beforeAll(async () => {
  // drawn by elements, which can be read
  origin = await startOrigin({ config: { 'server.terminal': { webgl: false } } });
  const listen = await freePort();
  wire = await startTcpProxy(`http://127.0.0.1:${listen}`);
  const config = {
    'server.local.path': freshFolder('spaces'),
    'server.listen_agent': `127.0.0.1:${await freePort()}`,
    // not the host of the dashboard, which is 127.0.0.1
    'server.direct_url': `http://localhost:${wire.port}`,
  };
  leaf = await startLeaf(origin, { location: 'lon', local: true, config, listen });
  await locationReady(origin, 'lon', 'local');
  space = await spaceWithAgent(origin, 'work', 'lon');
  ada = await newPerson(origin);
  terminal = new TerminalPage(ada.page);
  await enterAs(ada);
});

afterAll(() => wire?.close());

describe('a terminal whose leaf can be reached', () => {
  it('goes straight there and says so, with a ticket that is in no address and none of its cookies', async () => {
    const opened: string[] = [];
    ada.page.on('websocket', (socket) => opened.push(socket.url()));
    await terminal.open(space.id);
    expect(await terminal.says()).toBe(STRAIGHT);
    expect(opened).toEqual([`ws://localhost:${wire.port}/bytes/v1/spaces/${space.id}/terminal`]);
    expect(await ada.context.cookies(`http://localhost:${wire.port}`)).toEqual([]);
    await terminal.enter('KEPT=from-before; echo answer-$((40+2))');
    await terminal.shows('answer-42');
    expect(ada.faults).toEqual([]);
  });

  it('goes on while the origin is killed', async () => {
    await origin.process.kill();
    await terminal.enter('echo "away-$KEPT"');
    await terminal.shows('away-from-before');
    await terminal.is('connected');
    expect(await terminal.says()).toBe(STRAIGHT);
    origin = await origin.restart();
    await agentJoined(origin, space.id);
    await terminal.enter('echo back-$((1+1))');
    await terminal.shows('back-2');
  });

  it('comes back to its shell while the origin is away, after its leaf was killed, by a grant of before', async () => {
    await origin.process.kill();
    await leaf.process.kill();
    await terminal.is('away');
    leaf = await leaf.restart();
    await terminal.is('connected');
    expect(await terminal.says()).toBe(`${STRAIGHT}, as the origin was away`);
    await terminal.enter('echo "granted-$KEPT"');
    await terminal.shows('granted-from-before');
    origin = await origin.restart();
    await agentJoined(origin, space.id);
    await terminal.enter('echo there-$((1+2))');
    await terminal.shows('there-3');
    const path = `/audit?subject=${space.id}&action=space.enter`;
    const entered = () => origin.api.request<{ items: { details: object }[] }>('GET', path);
    await eventually(entered, ({ items }) => items.some(({ details }) => 'grant' in details), {
      ...SOON,
      what: 'the audit to tell who came by a grant',
    });
  });

  it('is the same shell after its leaf was killed', async () => {
    await leaf.process.kill();
    await terminal.is('away');
    leaf = await leaf.restart();
    await terminal.is('connected');
    await terminal.enter('echo "again-$KEPT"');
    await terminal.shows('again-from-before');
  });

  it('is cut as the share ends by which somebody came', async () => {
    const { password } = ADMINISTRATOR;
    // nobody else gets into the machine of a leaf
    const body = { username: 'bob', email: 'bob@example.com', password, role: 'administrator' };
    await origin.api.request('POST', '/users', body);
    const api = new ApiClient(origin.url, await signIn(origin.url, 'bob', password));
    const offer = await origin.api.request<{ id: string }>('POST', `/spaces/${space.id}/share`, { user: 'bob' });
    await api.request('POST', `/offers/${offer.id}/accept`);
    const bob = await newPerson(origin);
    await enterAs(bob, { username: 'bob', password });
    const his = new TerminalPage(bob.page);
    await his.open(space.id);
    expect(await his.says()).toBe(STRAIGHT);
    await origin.api.request('DELETE', `/offers/${offer.id}`);
    const done = Date.now();
    await his.is('away');
    console.log(`unshared: seen in the browser ${Date.now() - done} ms after the answer`);
    await terminal.enter('echo "mine-$KEPT"');
    await terminal.shows('mine-from-before');
    await bob.context.close();
  });
});

describe('a terminal whose leaf cannot be reached from the browser', () => {
  const before = () => wire.counted().connections;

  /** The terminals of before lose their connection by it. */
  async function leafMovesTo(host: string): Promise<void> {
    await leaf.process.terminate();
    await terminal.is('away');
    const direct = `http://${host}:${wire.port}`;
    leaf = await leaf.reconfigured({ 'server.direct_url': direct });
    const given = () =>
      origin.api
        .request<{ direct: string }>('POST', `/spaces/${space.id}/tickets`, { action: 'terminal' })
        .then((ticket) => ticket.direct);
    await eventually(given, (now) => now === direct, { ...SOON, interval: 200, what: 'the new address of the leaf' });
    await agentJoined(origin, space.id);
  }

  it('comes back by the origin, to the same shell, and its leaf is tried no more for a while', async () => {
    wire.swallow();
    await ada.page.reload();
    await terminal.is('connected');
    expect(await terminal.says()).toBe(BY_ORIGIN);
    await terminal.page.locator('.xterm-screen').click();
    await terminal.enter('echo "round-$KEPT"');
    await terminal.shows('round-from-before');
    const tried = before();
    await ada.page.reload();
    await terminal.is('connected');
    expect(await terminal.says()).toBe(BY_ORIGIN);
    expect(before()).toBe(tried);
  });

  it('is tried again after that while', async () => {
    wire.pass();
    await ada.page.evaluate(() => localStorage.setItem('knot.by-origin.lon', String(Date.now() - 1)));
    await ada.page.reload();
    await terminal.is('connected');
    expect(await terminal.says()).toBe(STRAIGHT);
    expect(ada.faults).toEqual([]);
  });

  it('goes by the origin where the leaf has the host name of the dashboard, whose cookies would go along', async () => {
    await leafMovesTo('127.0.0.1');
    const tried = before();
    await ada.page.reload();
    await terminal.is('connected');
    expect(await terminal.says()).toBe(BY_ORIGIN);
    expect(before()).toBe(tried);
  });
  it('goes by the origin where the page came before the leaf had its address, which is not held against the leaf', async () => {
    await leafMovesTo('localhost');
    await terminal.is('connected');
    await terminal.page.locator('.xterm-screen').click();
    await terminal.enter('echo "moved-$KEPT"');
    await terminal.shows('moved-from-before');
    expect(await terminal.says()).toBe(BY_ORIGIN);
    await ada.page.reload();
    await terminal.is('connected');
    expect(await terminal.says()).toBe(STRAIGHT);
  });
});

describe('a terminal of a dashboard that came from another network than its leaf is on, as far as the origin knows', () => {
  let page: TerminalPage;
  let eve: Person;
  let other: Origin;
  let inside: TcpProxy;

  beforeAll(async () => {
    const [port, listen] = [await freePort(), await freePort()];
    inside = await startTcpProxy(`http://127.0.0.1:${listen}`);
    // a name that is no address here, so that it may be a public one
    const url = `https://dash.knot-apps.test:${port}`;
    other = await startOrigin({ tls: true, port, config: { 'server.url': url, 'server.terminal': { webgl: false } } });
    const { certFile, keyFile } = makeCertificate('DNS:localhost');
    const config = {
      'server.local.path': freshFolder('spaces'),
      'server.listen_agent': `127.0.0.1:${await freePort()}`,
      'server.origin_fingerprint': await fingerprintOf(other),
      'server.direct_url': `https://localhost:${inside.port}`,
      'server.tls': { cert_file: certFile, key_file: keyFile },
    };
    await startLeaf(other, { location: 'lon', local: true, config, listen, tls: true });
    await locationReady(other, 'lon', 'local');
    space = await spaceWithAgent(other, 'work', 'lon');
    eve = await newPerson({ url, ignoreHTTPSErrors: true });
    page = new TerminalPage(eve.page);
    await enterAs(eve);
  });

  afterAll(() => inside?.close());

  it('goes by the origin, so that no browser asks for leave to look at the network', async () => {
    await page.open(space.id);
    expect(await page.says()).toBe(BY_ORIGIN);
    expect(inside.counted().connections).toBe(0);
  });

  it('goes straight where its browser has that leave, by https', async () => {
    await eve.context.grantPermissions(['local-network-access']);
    await page.page.reload();
    await page.is('connected');
    expect(await page.says()).toBe(STRAIGHT);
    await page.page.locator('.xterm-screen').click();
    await page.enter('echo answer-$((40+2))');
    await page.shows('answer-42');
    expect(eve.faults).toEqual([]);
  });
});
