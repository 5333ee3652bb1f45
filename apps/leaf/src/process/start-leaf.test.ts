import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sync } from '@knot/contract';
import { ownCertificate, type OnePort } from '@knot/link';
import { createLogger, systemClock } from '@knot/shared';
import { loadConfig, systemWorld, type KnotConfig } from '@knot/shared/config';
import { toRun } from '../testing/leaf-rig.js';
import { ScriptedOrigin } from '../testing/scripted-origin.js';
import { serveOrigin } from '../testing/serve-origin.js';
import { startLeaf, type RunningLeaf } from './start-leaf.js';

let folder: string;
let origin: ScriptedOrigin;
let lines: string[];
const open: { close(): Promise<void> }[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'knot-leaf-process-'));
  origin = new ScriptedOrigin(systemClock);
  lines = [];
});

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
  await rm(folder, { recursive: true, force: true });
});

async function serve(tls: Parameters<typeof serveOrigin>[1]): Promise<OnePort> {
  const served = await serveOrigin(origin.client(), tls);
  open.push({ close: () => served.close(0) });
  return served;
}

async function configFor(server: Record<string, unknown>): Promise<KnotConfig> {
  const file = join(folder, 'knot.yaml');
  const all = {
    listen: 'http://127.0.0.1:0',
    location: 'here',
    shared_token: 'a-long-shared-token',
    data_path: join(folder, 'data'),
    nomad: { addr: 'http://127.0.0.1:9' },
    local: { enabled: true },
    ...server,
  };
  await writeFile(file, JSON.stringify({ server: all }));
  return loadConfig({ flags: new Map([['config', file]]), world: { ...systemWorld(), env: {} } }).config;
}

async function run(config: KnotConfig): Promise<RunningLeaf> {
  const logger = createLogger({
    level: 'debug',
    name: 'leaf',
    destination: { write: (line) => void lines.push(line) },
  });
  const running = await startLeaf({ config, logger, programVersion: '0.1.0' });
  open.push({ close: () => running.stop() });
  return running;
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 10_000;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`not within 10 s\n${lines.slice(-10).join('')}`);
    await systemClock.sleep(20);
  }
}

const get = async ({ port }: RunningLeaf, path: string, headers: Readonly<Record<string, string>> = {}) => {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers });
  return { status: answer.status, text: await answer.text() };
};

describe('startLeaf', () => {
  it('is ready without its origin, says why it does not follow it, and follows it once it is there', async () => {
    const running = await run(await configFor({ origin_server: 'http://127.0.0.1:9' }));
    expect(await get(running, '/livez')).toMatchObject({ status: 200 });
    expect(await get(running, '/readyz')).toMatchObject({ status: 200 });
    await until(async () =>
      (await get(running, '/health')).text.includes('Nothing listens at 127.0.0.1:9. Start the origin'),
    );
    expect((await get(running, '/metrics')).text).toContain('knot_leaf_stage{stage="following"} 0');
    await running.stop();
    const served = await serve(null);
    const again = await run(await configFor({ origin_server: `http://127.0.0.1:${served.port}` }));
    await until(async () => (await get(again, '/metrics')).text.includes('knot_leaf_stage{stage="following"} 1'));
    expect((await get(again, '/metrics')).text).toContain('knot_leaf_lease_held 1');
  });

  it('tells people who reach it no more of itself than a word, and whoever shows its metrics_token all', async () => {
    const elsewhere = { 'x-forwarded-for': '192.0.2.7' };
    const told = async (server: Record<string, unknown>, headers: Readonly<Record<string, string>>) => {
      const running = await run(await configFor({ origin_server: 'http://127.0.0.1:9', ...server }));
      await until(() => running.leaf.state().problem !== null);
      const [metrics, health] = [await get(running, '/metrics', headers), await get(running, '/health', headers)];
      await running.stop();
      return [metrics.status, JSON.parse(health.text)];
    };
    const all = expect.objectContaining({ problems: expect.any(Array) });
    const direct = { direct_url: 'http://127.0.0.1:1' };
    const token = { metrics_token: 'a-token-for-metrics' };
    const shown = { ...elsewhere, authorization: 'Bearer a-token-for-metrics' };
    expect(await told(direct, {})).toEqual([200, all]);
    expect(await told(direct, elsewhere)).toEqual([401, { status: 'degraded' }]);
    expect(await told({ ...direct, ...token }, shown)).toEqual([200, all]);
    expect(await told(token, { ...shown, authorization: 'Bearer another' })).toEqual([401, { status: 'degraded' }]);
    expect(await told({}, elsewhere)).toEqual([200, { status: 'degraded' }]);
  });

  it('has a page for people who open an address of it where there is nothing, and a line for programs', async () => {
    const running = await run(await configFor({ origin_server: 'http://127.0.0.1:9' }));
    // as a browser does, which `fetch` of Node is none of
    const asked = async (headers: Record<string, string>, path = '/') => {
      const sent = request({ host: '127.0.0.1', port: running.port, path, headers, agent: false }).end();
      const [answer] = (await once(sent, 'response')) as [IncomingMessage];
      let text = '';
      for await (const chunk of answer) text += String(chunk);
      return { status: answer.statusCode, text };
    };
    const browser = { accept: 'text/html', 'accept-language': 'de', 'sec-fetch-mode': 'navigate' };
    const page = await asked(browser);
    expect([page.status, page.text]).toEqual([404, expect.stringContaining('<h1>Hier ist keine Seite</h1>')]);
    expect((await asked({ accept: '*/*' })).text).toContain('"statusCode":404');
    expect(await asked(browser, '/livez')).toMatchObject({ status: 200 });
  });

  it('hands out agents to images and nothing else, and says so', async () => {
    const running = await run(await configFor({ origin_server: 'http://127.0.0.1:9' }));
    const url = `http://127.0.0.1:${running.port}/agents`;
    const other = await fetch(`${url}/knot.yaml`);
    expect(await other.text()).toMatch(/^There is no such agent\. There are knot_agent_linux_amd64\.zip/);
    expect(other.status).toBe(404);
    const forwarded = await fetch(`${url}/knot_agent_linux_amd64.zip`, { headers: { 'x-forwarded-for': '192.0.2.7' } });
    expect(await forwarded.text()).toMatch(/^Programs are handed out over HTTPS only/);
    expect(forwarded.status).toBe(403);
  });

  it('trusts an origin by its fingerprint, and none with another certificate', async () => {
    const own = await ownCertificate(join(folder, 'tls'), ['127.0.0.1'], Date.now());
    const served = await serve(own);
    const url = `https://127.0.0.1:${served.port}`;
    const trusting = await run(await configFor({ origin_server: url, origin_fingerprint: own.fingerprint }));
    await until(() => trusting.leaf.state().stage === 'following');
    await trusting.stop();
    const other = await run(await configFor({ origin_server: url, origin_fingerprint: 'ab'.repeat(32) }));
    await until(() => other.leaf.state().problem?.message.includes('origin_fingerprint') ?? false);
    expect(other.leaf.state().ready).toBe(true);
    await other.stop();
    const unknown = await run(await configFor({ origin_server: url }));
    await until(() => unknown.leaf.state().problem !== null);
    expect(unknown.leaf.state().stage).toBe('connecting');
  });

  it('trusts an origin by its CA file', async () => {
    const own = await ownCertificate(join(folder, 'tls'), ['127.0.0.1'], Date.now());
    const served = await serve(own);
    const url = `https://127.0.0.1:${served.port}`;
    const config = await configFor({ origin_server: url, origin_ca_file: join(folder, 'tls', 'cert.pem') });
    const running = await run(config);
    await until(() => running.leaf.state().stage === 'following');
  });

  it('runs a space as a process of this machine and ends it again', async () => {
    const served = await serve(null);
    const running = await run(await configFor({ origin_server: `http://127.0.0.1:${served.port}` }));
    const id = '0198a000-0000-7000-8000-000000000001';
    origin.wish(id, toRun('command: sleep 1000\n'));
    await until(() => origin.statuses.get(id)?.workload === 'healthy');
    origin.wish(id, { want: sync.Want.DELETED });
    await until(() => !origin.spaces.has(id));
    expect(running.leaf.state().problem).toBeNull();
  });

  it('writes no secret into its log or its metrics', async () => {
    const served = await serve(null);
    const running = await run(await configFor({ origin_server: `http://127.0.0.1:${served.port}` }));
    await until(() => running.leaf.state().stage === 'following');
    const told = lines.join('') + (await get(running, '/metrics')).text + (await get(running, '/health')).text;
    expect(told).not.toContain('a-long-shared-token');
    expect(told).not.toContain('knl_');
    expect(told).not.toMatch(/kni_[\w-]{43}/);
  });
});
