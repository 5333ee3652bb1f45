import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AGENT } from '../tools/agent.js';
import { ApiClient, type Space } from '../tools/api-client.js';
import { childrenOf } from '../tools/child.js';
import { setUp } from '../tools/cluster.js';
import { packImage } from '../tools/container-image.js';
import { startDocker, type Docker } from '../tools/docker.js';
import { eventually } from '../tools/eventually.js';
import { goProgram } from '../tools/go-part.js';
import { PAUSE, pauseImage } from '../tools/kubernetes.js';
import { MACHINE, startNomad, type Nomad } from '../tools/nomad.js';
import type { NomadAllocation } from '../tools/nomad-client.js';
import { freePort } from '../tools/ports.js';
import { freshFolder } from '../tools/processes.js';
import { TerminalWindow } from '../tools/terminal-window.js';
import { imageTree } from './releases.js';

const JOBS = fileURLToPath(new URL('../../deploy/nomad', import.meta.url));
const IMAGE = 'knot.test/knot';
const PATIENCE = { timeout: 180_000, interval: 500 };
const run = promisify(execFile);

const folder = freshFolder('nomad-jobs');
let nomad: Nomad;
let port: number;
let url: string;

/** Of a task without a container: the agent, as it lies here. */
const TEMPLATE = `
job "work" {
  datacenters = ["dc1"]
  type        = "service"
  group "main" {
    update {
      min_healthy_time = "0s"
    }
    task "main" {
      driver = "raw_exec"
      config {
        command = "${process.execPath}"
        args    = ["${AGENT}", "agent", "--code-server-port", "0"]
      }
      resources {
        cpu    = 20
        memory = 128
      }
    }
  }
}
`;

beforeAll(async () => {
  port = await freePort();
  url = `http://127.0.0.1:${port}`;
  const tree = imageTree();
  const entrypoint = ['/usr/local/bin/node', '/opt/knot/apps/cli/bin/knot.mjs'];
  const options = { name: `${IMAGE}:v1`, files: { '.': tree }, entrypoint, user: '10001:10001' };
  const archives = [packImage(folder, options), pauseImage(folder)];
  // no registry is asked, and what was loaded is never cleared away
  const docker = { endpoint: `unix://${folder}/docker/docker.sock`, infra_image: PAUSE, gc: [{ image: false }] };
  nomad = await startNomad({
    ownNetwork: [port],
    drivers: ['raw_exec', 'docker'],
    plugins: [{ docker: [{ config: [docker] }] }],
    async beforeClient(pid) {
      const daemon: Docker = await startDocker(pid, folder);
      for (const archive of archives) await daemon.run('load', '--input', archive);
      await daemon.run('tag', `${IMAGE}:v1`, `${IMAGE}:v2`);
    },
  });
}, 900_000);
afterAll(() => nomad.stop());

/** Runs a command on the machine that Nomad sees. */
async function there(program: string, args: readonly string[]): Promise<string> {
  const [door] = childrenOf(nomad.pid ?? 0);
  const env = { ...process.env, NOMAD_ADDR: nomad.addr.replace('127.0.0.1', MACHINE), NOMAD_TOKEN: nomad.token };
  const into = ['--target', String(door), '--net', '--', program, ...args];
  return (await run('nsenter', into, { cwd: JOBS, env })).stdout;
}

/** The `nomad` command, in the folder of the jobs, as the guide has it. */
function command(...args: string[]): Promise<string> {
  return there(goProgram('nomad', 'nomad'), args);
}

const vars = (values: Record<string, string>) =>
  Object.entries(values).flatMap(([name, value]) => ['-var', `${name}=${value}`]);

async function alive(job: string): Promise<NomadAllocation> {
  const [one] = await eventually(
    async () => (await nomad.client().allocations(job)).filter(({ ClientStatus }) => ClientStatus === 'running'),
    ({ length }) => length === 1,
    { ...PATIENCE, what: `one allocation of ${job}` },
  );
  if (!one) throw new Error('unreachable');
  return one;
}

/** What the leaf tells of itself at its own port, from the machine that it runs on. */
async function leafMetric(name: string): Promise<number> {
  const { ID } = await alive('knot-leaf');
  const { Resources } = await nomad
    .client()
    .request<{ Resources: { Networks: Network[] } }>('GET', `/v1/allocation/${ID}`);
  const web = Resources.Networks.flatMap(({ DynamicPorts }) => DynamicPorts).find(
    ({ Label }) => Label === 'web',
  )?.Value;
  const stdout = await there('/usr/bin/curl', ['-sf', `http://${MACHINE}:${web}/metrics`]);
  return Number(new RegExp(`^${name}(?:\\{.*\\})? (\\d+)$`, 'm').exec(stdout)?.[1] ?? NaN);
}

interface Network {
  readonly DynamicPorts: readonly { readonly Label: string; readonly Value: number }[];
}

async function originUp(): Promise<void> {
  await eventually(
    async () => (await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(3_000) })).status,
    (status) => status === 200,
    { ...PATIENCE, what: 'the origin' },
  );
}

async function live(api: ApiClient): Promise<void> {
  await eventually(
    () => api.location('lon'),
    ({ live: heard, platforms }) => heard && platforms.some(({ platform, ready }) => platform === 'nomad' && ready),
    { ...PATIENCE, what: 'the leaf to be heard of' },
  );
}

async function joined(api: ApiClient, { id }: Space): Promise<void> {
  await eventually(
    () => api.space(id),
    ({ conditions }) => conditions.some(({ reason }) => reason === 'AgentJoined'),
    { ...PATIENCE, what: 'the agent to join' },
  );
}

it('runs origin and leaf as jobs, whose spaces outlive every change of them', async () => {
  const sharedToken = randomBytes(16).toString('hex');
  const encrypt = randomBytes(32).toString('base64');
  await command('volume', 'create', 'origin-volume.hcl');
  await command('var', 'put', 'nomad/jobs/knot-origin', `encrypt=${encrypt}`, `shared_token=${sharedToken}`);
  const origin = vars({ image: `${IMAGE}:v1`, url, port: String(port) });
  await command('job', 'run', ...origin, 'origin.nomad.hcl');
  await originUp();
  const log = async () => {
    const streams = [[], ['-stderr']].map((stream) => command('alloc', 'logs', ...stream, '-job', 'knot-origin'));
    return (await Promise.all(streams)).join('');
  };
  const api = new ApiClient(url, await setUp(url, log));

  await command('volume', 'create', 'leaf-volume.hcl');
  await command('acl', 'policy', 'apply', 'knot-leaf', 'leaf-policy.hcl');
  const made = await command('acl', 'token', 'create', '-type', 'client', '-policy', 'knot-leaf', '-json');
  const token = String((JSON.parse(made) as { SecretID: unknown }).SecretID);
  await command('var', 'put', 'nomad/jobs/knot-leaf', `shared_token=${sharedToken}`, `nomad_token=${token}`);
  const nomadAddr = nomad.addr.replace('127.0.0.1', MACHINE);
  const leaf = { location: 'lon', origin: `http://${MACHINE}:${port}`, nomad_addr: nomadAddr };
  await command('job', 'run', ...vars({ ...leaf, image: `${IMAGE}:v1` }), 'leaf.nomad.hcl');
  await live(api);
  const { leaf: first } = await api.location('lon');

  // a space starts beside them and is entered
  const exceptions = ['driver:raw_exec'];
  const template = await api.createTemplate({ name: 'work', platform: 'nomad', job: TEMPLATE, exceptions });
  const { id } = await api.createSpace('work', template.id, 'lon');
  await api.wish(id, 'start');
  const space = await api.phase(id, 'Running', PATIENCE);
  const enter = async () => {
    await joined(api, space);
    // right after its leaf was replaced the agent may not be back yet: a page tries again, too
    const window = await eventually(() => new TerminalWindow(url, api, id).open(), Boolean, {
      ...PATIENCE,
      what: 'a terminal',
    });
    window.type('echo "of $NOMAD_JOB_ID"\n');
    await window.hears(`of knot-${id}`);
    window.leave();
  };
  await enter();
  const unchanged = async () => {
    await live(api);
    const now = await eventually(
      () => api.space(id),
      ({ phase }) => phase === 'Running',
      { ...PATIENCE, what: 'the space to be shown running' },
    );
    expect(now.instance).toBe(space.instance);
    expect((await alive(`knot-${id}`)).ID).toBe(space.instance);
    await enter();
  };

  // the leaf is stopped while something is wished: the next allocation has its disk, its place in the log, and the wish
  const before = await alive('knot-leaf');
  const other = await api.createSpace('other', template.id, 'lon');
  await command('alloc', 'stop', '-detach', before.ID);
  await eventually(
    () => api.location('lon'),
    ({ live: heard }) => !heard,
    { ...PATIENCE, what: 'the leaf to go' },
  );
  await api.wish(other.id, 'start');
  await api.phase(other.id, 'Running', PATIENCE);
  expect((await alive('knot-leaf')).ID).not.toBe(before.ID);
  await unchanged();
  expect((await api.location('lon')).leaf?.instance).toBe(first?.instance);
  expect(await leafMetric('knot_leaf_relists_total')).toBe(0);

  // another version of the leaf, and back
  await command('job', 'run', ...vars({ ...leaf, image: `${IMAGE}:v2` }), 'leaf.nomad.hcl');
  await unchanged();
  expect((await nomad.client().job('knot-leaf'))?.Version).toBe(1);
  await command('job', 'revert', 'knot-leaf', '0');
  await unchanged();
  expect(await leafMetric('knot_leaf_relists_total')).toBe(0);

  // another version of the origin, on the same file
  await command('job', 'run', ...vars({ image: `${IMAGE}:v2`, url, port: String(port) }), 'origin.nomad.hcl');
  await originUp();
  await unchanged();
  expect((await api.spaces()).map(({ name }) => name).sort()).toEqual(['other', 'work']);
  await api.wish(other.id, 'stop');
  await api.phase(other.id, 'Stopped', PATIENCE);
});
