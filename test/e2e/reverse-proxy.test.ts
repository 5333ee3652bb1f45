import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startAppSpace, type AppSpace } from '../tools/app-space.js';
import { AppVisitor } from '../tools/app-visitor.js';
import { ApiClient } from '../tools/api-client.js';
import { newPerson, spokenBy, type Person } from '../tools/browser.js';
import { makeCertificate } from '../tools/certificates.js';
import { ADMINISTRATOR, locationReady, startLeaf, startOrigin, type Leaf, type Origin } from '../tools/cluster.js';
import { eventually } from '../tools/eventually.js';
import { freePort } from '../tools/ports.js';
import { freshFolder, KNOT } from '../tools/processes.js';
import { guidesProxy, PROXIES, startReverseProxy, type ProxyName, type ReverseProxy } from '../tools/reverse-proxy.js';
import { enter } from '../tools/sign-in-page.js';
import { Desk, sha256Of, spaceWithAgent } from '../tools/ssh.js';
import { TerminalWindow } from '../tools/terminal-window.js';

const SOON = { timeout: 60_000, interval: 200 };
const MIB = 1024 * 1024;

const certificate = makeCertificate('DNS:localhost', 'DNS:*.knot-apps.test');
const desk = new Desk({ NODE_EXTRA_CA_CERTS: certificate.caFile });
let port: number;
/** Where people and leaves find it: the proxy. */
let url: string;
/** By its own port. */
let origin: Origin;
let leaf: Leaf;
let api: ApiClient;
let app: AppSpace;
let proxy: ReverseProxy;

function start(name: ProxyName, config: string): Promise<ReverseProxy> {
  return startReverseProxy(name, config, { port, certificate, origin: new URL(origin.url).host });
}

async function leafConfig(): Promise<Record<string, unknown>> {
  return {
    'server.local.path': freshFolder('spaces'),
    'server.listen_agent': `127.0.0.1:${await freePort()}`,
    'server.origin_ca_file': certificate.caFile,
  };
}

beforeAll(async () => {
  setDefaultCACertificates([...getCACertificates('default'), readFileSync(certificate.caFile, 'utf8')]);
  port = await freePort();
  url = `https://localhost:${port}`;
  origin = await startOrigin({
    config: {
      'server.url': url,
      'server.trusted_proxies': ['127.0.0.1'],
      'server.wildcard_domain': '*.knot-apps.test',
      'server.terminal': { webgl: false },
    },
  });
  api = new ApiClient(url, origin.api.token);
  proxy = await start('nginx', guidesProxy('nginx'));
  leaf = await startLeaf({ url }, { location: 'lon', local: true, config: await leafConfig() });
  await locationReady(origin, 'lon', 'local');
  app = await startAppSpace(origin);
  await desk.connect({ url });
  await proxy.down();
}, 240_000);

describe.each(PROXIES)('%s before the origin, as the guide sets it up,', (name) => {
  beforeAll(async () => {
    proxy = await start(name, guidesProxy(name));
    return () => proxy.down();
  }, 120_000);

  it('lets a leaf follow its origin, and a page show it as it happens', async () => {
    const { ada, space } = await showsWhatHappens(`by-${name}`);
    expect(await spokenBy(ada.page)).toBe('h2');
    await ada.page.goto(`/spaces/${space}`);
    await ada.page.getByRole('link', { name: 'Terminal' }).click();
    await ada.page.locator('[data-terminal-state=connected]').waitFor();
    await ada.page.keyboard.type('echo answer-$((40+2))');
    await ada.page.keyboard.press('Enter');
    await ada.page.locator('.xterm-rows').getByText('answer-42').waitFor();
    expect(ada.faults).toEqual([]);
    await ada.context.close();
  });

  it('carries a web app: its pages, what is open, and large uploads', () => opensTheApp());

  it('tells who it is that asks', async () => {
    const from = `127.0.0.${10 + PROXIES.indexOf(name)}`;
    expect(await signInFrom(from)).toBe(200);
    const audit = () => api.request<{ items: { address: string }[] }>('GET', '/audit?limit=50');
    const told = async () => (await audit()).items.map(({ address }) => address);
    await eventually(told, (addresses) => addresses.includes(from), SOON);
  });

  it('is killed under a shell and a copy, and both go on once it is back', () => outlivesItsRestart(`${name}-copy`));
});

describe('nginx before the origin', () => {
  const guide = guidesProxy('nginx');

  afterEach(() => proxy.down());

  it('that knows no upgrade but WebSockets carries the link of a leaf by one', async () => {
    proxy = await start('nginx', changed(guide, 'default upgrade;', 'default close; websocket upgrade;'));
    await outlivesItsRestart('by-web-sockets');
    await opensTheApp();
  });

  it('that buffers what may be buffered holds back no events and no terminal', async () => {
    const lines = /^ *proxy_(request_)?buffering off;.*\n/gm;
    proxy = await start('nginx', changed(guide, lines, ''));
    const terminal = new TerminalWindow(url, api, app.id);
    await terminal.openSoon();
    await terminal.key('x');
    terminal.leave();
    await opensTheApp();
    await showsWhatHappens('buffered');
  });

  it('and before a leaf that users reach themselves carries them straight to it', async () => {
    proxy = await start('nginx', guide);
    const [listen, door] = [await freePort(), await freePort()];
    const direct = `https://localhost:${door}`;
    const config = { ...(await leafConfig()), 'server.direct_url': direct, 'server.trusted_proxies': ['127.0.0.1'] };
    const near = await startLeaf({ url }, { location: 'par', local: true, listen, config });
    await locationReady(origin, 'par', 'local');
    await startReverseProxy('nginx', guide, { port: door, certificate, origin: new URL(near.url).host });
    const { id } = await spaceWithAgent({ api }, 'near', 'par');
    const command = `${process.execPath} ${KNOT} run near -- echo from within`;
    const said = await desk.must(desk.run('script', ['-qec', command, '/dev/null']));
    expect(said).toContain('straight to the leaf of par');
    expect(said).toContain('from within');
    const terminal = await new TerminalWindow(direct, api, id).open();
    await terminal.key('x');
    terminal.leave();
  });

  it('that speaks only HTTP/1.1 with it carries people; leaves say what it lacks, and go past it', async () => {
    proxy = await start('nginx', changed(guide, /^ *location \/knot\.sync\.v1\. \{[^}]*\}\n/m, ''));
    const health = async () => (await fetch(`${leaf.url}/health`)).text();
    const said = await eventually(health, (text) => text.includes('gRPC'), { ...SOON, what: 'the leaf to say it' });
    expect(said).toContain(`localhost:${port} answers, but leads no gRPC to a knot origin.`);
    expect(said).toContain('has to pass HTTP/2 on below /knot.sync.v1.');
    leaf = await leaf.reconfigured({ 'server.origin_server': origin.url });
    await outlivesItsRestart('past-it');
    await opensTheApp();
  });
});

function changed(config: string, find: string | RegExp, replace: string): string {
  const other = config.replace(find, replace);
  if (other === config) throw new Error(`The guide has no ${find}.`);
  return other;
}

function signInFrom(localAddress: string): Promise<number> {
  const body = JSON.stringify({ username: ADMINISTRATOR.username, password: ADMINISTRATOR.password });
  const headers = { 'content-type': 'application/json', 'content-length': body.length };
  return new Promise((resolve, reject) => {
    const asked = request(
      `${url}/api/v1/auth/login`,
      { method: 'POST', headers, localAddress, family: 4 },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      },
    );
    asked.once('error', reject);
    asked.end(body);
  });
}

/** A page, signed in, that hears of a space as it is made. */
async function showsWhatHappens(name: string): Promise<{ readonly ada: Person; readonly space: string }> {
  const ada = await newPerson({ url, ignoreHTTPSErrors: true });
  await enter(ada);
  const { id } = await spaceWithAgent({ api }, name, 'lon');
  await ada.page.getByRole('link', { name }).waitFor();
  return { ada, space: id };
}

async function opensTheApp(): Promise<void> {
  const { address } = app.port;
  const visitor = await AppVisitor.signIn(url, 'ada');
  await visitor.enter(address);
  expect((await visitor.get(address, 'deep?x=1')).body).toBe('at /deep?x=1');
  for (const one of await visitor.openAll(address)) one.end();
  const body = randomBytes(16 * MIB).toString('base64');
  const headers = { cookie: visitor.cookie(address), origin: new URL(address).origin };
  const said = await visitor.post(address, 'upload', body, headers);
  expect(JSON.parse(said.body)).toEqual({
    bytes: body.length,
    sha256: createHash('sha256').update(body).digest('hex'),
  });
}

async function outlivesItsRestart(name: string): Promise<void> {
  const terminal = new TerminalWindow(url, api, app.id);
  await terminal.openSoon();
  terminal.type('kept=yes; echo "at $$ fir"st\n');
  const [, shell] = /at (\d+) first/.exec(await terminal.hears(/at \d+ first/)) ?? [];
  const file = desk.file(name, randomBytes(32 * MIB));
  const there = join(desk.home, `${name}-there`);
  const copy = desk.must(desk.run('scp', ['-F', desk.config, file, `knot.work:${there}`]));
  await eventually(() => existsSync(there), Boolean, { ...SOON, interval: 20, what: 'the copy to begin' });
  await proxy.down();
  await proxy.up();
  await copy;
  expect(await sha256Of(there)).toBe(await sha256Of(file));
  await terminal.openSoon();
  terminal.type('echo "at $$ $kept" again\n');
  await terminal.hears(`at ${shell} yes again`);
  terminal.leave();
}
