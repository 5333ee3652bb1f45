import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Space } from '../tools/api-client.js';
import { newPerson } from '../tools/browser.js';
import { locationReady, startLeaf, startOrigin, type Leaf, type Origin } from '../tools/cluster.js';
import { eventually } from '../tools/eventually.js';
import { freePort } from '../tools/ports.js';
import { freshFolder } from '../tools/processes.js';
import { Desk, sha256Of } from '../tools/ssh.js';
import { enter } from '../tools/sign-in-page.js';

const run = promisify(execFile);
const checkout = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const MACHINE = process.arch === 'arm64' ? 'arm64' : 'amd64';
const ZIP = `knot_agent_linux_${MACHINE}.zip`;
/** MiB of an idle agent, once it has settled. */
const MOST_RESIDENT = 60;
const SOON = { timeout: 60_000, interval: 200 };

let origin: Origin;
let leaf: Leaf;

beforeAll(async () => {
  await run('node', [join(checkout, 'tools/build-agent.mjs')], { timeout: 600_000 });
  // drawn by elements, which can be read
  origin = await startOrigin({ config: { 'server.terminal': { webgl: false } } });
  const config = {
    'server.local.path': freshFolder('spaces'),
    'server.listen_agent': `127.0.0.1:${await freePort()}`,
  };
  leaf = await startLeaf(origin, { location: 'lon', local: true, config });
  await locationReady(origin, 'lon', 'local');
}, 700_000);

async function agentOf(name: string, command: string): Promise<Space> {
  const { api } = origin;
  const job = `command: |\n  ${command.split('\n').join('\n  ')}\n`;
  const template = await api.createTemplate({ name, platform: 'local', job });
  const { id } = await api.createSpace(name, template.id, 'lon');
  await api.wish(id, 'start');
  await api.phase(id, 'Running');
  return joined(id);
}

function joined(id: string): Promise<Space> {
  return eventually(
    () => origin.api.space(id),
    ({ conditions }) => conditions.some(({ reason }) => reason === 'AgentJoined'),
    { ...SOON, what: 'the agent to have joined' },
  );
}

async function stop({ id }: Space): Promise<void> {
  await origin.api.wish(id, 'stop');
  await origin.api.phase(id, 'Stopped');
}

/** As a person does: signs in, opens the page of the space and its terminal. */
async function typeAndRead(id: string): Promise<void> {
  const { page } = await newPerson(origin);
  await enter({ page });
  await page.goto(`/spaces/${id}`);
  await page.getByRole('link', { name: 'Terminal' }).click({ timeout: 60_000 });
  await page.locator('[data-terminal-state=connected]').waitFor({ timeout: 60_000 });
  await page.keyboard.type('ls -d ./knot*; echo answer-$((40+2))');
  await page.keyboard.press('Enter');
  await eventually(
    () => page.locator('.xterm-rows').innerText(),
    (seen) => seen.includes('answer-42') && seen.includes('./knot-agent'),
    { ...SOON, what: 'the answer of the shell' },
  );
}

/** What runs in the folder of a space: its program, and how much memory it holds, MiB. */
function processesOf({ id }: Space): { program: string; resident: number }[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      const program = readlinkSync(`/proc/${pid}/exe`);
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      const resident = Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
      return program.includes(id) ? [{ program, resident }] : [];
    } catch {
      return []; // it has just ended
    }
  });
}

/** With the stock clients: a command with a screen, and a file there and back. */
async function enterBySsh(name: string): Promise<void> {
  const desk = new Desk();
  await desk.connect(origin);
  const ran = await desk.ssh(['-tt', `knot.${name}`, 'test -x knot-agent && tty; exit 4']);
  expect(ran).toMatchObject({ code: 4, stdout: expect.stringContaining('/dev/pts/') });
  const file = desk.file('file', randomBytes(8 * 1024 * 1024));
  const [there, back] = [join(desk.home, 'there'), join(desk.home, 'back')];
  await desk.must(desk.run('scp', ['-F', desk.config, file, `knot.${name}:${there}`]));
  await desk.must(desk.run('sftp', ['-F', desk.config, `knot.${name}:${there}`, back]));
  expect(await sha256Of(back)).toBe(await sha256Of(file));
}

describe('the agent that an image fetches', () => {
  it.each(['origin', 'leaf'] as const)('from the %s, unzipped and run, joins and speaks SSH', async (server) => {
    const url = server === 'origin' ? origin.url : leaf.url;
    const fetched = [
      'set -e',
      `curl -fsS -O ${url}/agents/${ZIP} -O ${url}/agents/${ZIP}.sha256`,
      `sha256sum --check ${ZIP}.sha256`,
      `unzip -q ${ZIP}`,
      'exec ./knot-agent agent',
    ];
    const space = await agentOf(`fetched-${server}`, fetched.join('\n'));
    const agents = await eventually(
      () => processesOf(space).filter(({ program }) => program.endsWith('/knot-agent')),
      ([agent]) => agent !== undefined && agent.resident < MOST_RESIDENT,
      { ...SOON, what: 'the idle agent to be small' },
    );
    expect(agents).toHaveLength(1);
    await enterBySsh(space.name);
    await stop(space);
  });

  it('is what the template of a new installation fetches, and opens a terminal in the browser', async () => {
    const { api } = origin;
    const { items } = await api.request<{ items: { id: string; name: string }[] }>('GET', '/templates?platform=local');
    const hello = items.find(({ name }) => name === 'hello');
    const { id } = await api.createSpace('starter', hello?.id ?? '', 'lon');
    await api.wish(id, 'start');
    await joined(id);
    await typeAndRead(id);
    await stop(await api.space(id));
  });

  it('may be the bundle where an image has Node', async () => {
    const bundle = join(checkout, 'apps/agent/dist/images/knot-agent.cjs');
    await stop(await agentOf('bundle', `exec ${process.execPath} ${bundle} agent`));
  });

  it('may be the command line, with flags of images for other agents', async () => {
    const knot = join(checkout, 'apps/cli/bin/knot.mjs');
    await stop(await agentOf('cli', `exec ${process.execPath} ${knot} agent --ssh-port 22 --http-port 8080=Web`));
  });

  it('comes with an ETag, in the same words from both servers, and is nothing else', async () => {
    for (const { url } of [origin, leaf]) {
      const digest = await (await fetch(`${url}/agents/${ZIP}.sha256`)).text();
      const head = await fetch(`${url}/agents/${ZIP}`, { method: 'HEAD' });
      expect(head.headers.get('etag')).toBe(`"${digest.split(' ')[0]}"`);
      const again = { headers: { 'if-none-match': head.headers.get('etag') ?? '' } };
      expect((await fetch(`${url}/agents/${ZIP}`, again)).status).toBe(304);
      const other = await fetch(`${url}/agents/knot.yaml`);
      expect(await other.text()).toContain('There is no such agent.');
      expect(other.status).toBe(404);
      // a proxy that nobody trusts has come between
      const forwarded = await fetch(`${url}/agents/${ZIP}`, { headers: { 'x-forwarded-for': '192.0.2.7' } });
      expect(forwarded.status).toBe(403);
      expect(await forwarded.text()).toContain('HTTPS only');
    }
  });
});
