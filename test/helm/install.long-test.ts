import { execFile, execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { writeFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { ADMINISTRATOR, signIn } from '../tools/cluster.js';
import { ApiClient, type Space } from '../tools/api-client.js';
import { startChild, type Child } from '../tools/child.js';
import { packImage } from '../tools/container-image.js';
import { eventually } from '../tools/eventually.js';
import { goProgram } from '../tools/go-part.js';
import type { KubeClient, KubeObject } from '../tools/kube-client.js';
import { BUSYBOX, importImage, kubeconfig, type KubernetesAccess } from '../tools/kubernetes.js';
import { freePort } from '../tools/ports.js';
import { freshFolder } from '../tools/processes.js';
import { freshNamespace, sharedKubernetes } from '../tools/shared-kubernetes.js';
import { agentJoined, Desk, sha256Of } from '../tools/ssh.js';
import { TerminalWindow } from '../tools/terminal-window.js';
import { CHART, helm } from './helm.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const PATIENCE = { timeout: 180_000, interval: 500 };
const TOKEN = 'a-shared-token-of-the-tests';

const JOB = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      terminationGracePeriodSeconds: 0
      containers:
        - { name: web, image: ${BUSYBOX}, imagePullPolicy: Never, command: [sleep, "100000"] }
`;

let access: KubernetesAccess;
let config: string;
let kube: KubeClient;
let port: number;
let tree: string;
let forward: Child | null = null;
let api: ApiClient;

const AGENT = `knot_agent_linux_${process.arch === 'arm64' ? 'arm64' : 'amd64'}.zip`;
/** With a shell, and an agent beside it as an image of people has it. */
const SPACE_IMAGE = 'knot.test/space:v1';
const ENTERED = JOB.replace(BUSYBOX, SPACE_IMAGE).replace('[sleep, "100000"]', '[/bin/knot-agent, agent]');

/** One namespace for the releases; each has one for its spaces. */
beforeAll(async () => {
  access = await sharedKubernetes();
  const folder = freshFolder('image');
  tree = join(folder, 'tree');
  execFileSync(process.execPath, [join(root, 'tools/build-agent.mjs')]);
  execFileSync(process.execPath, [join(root, 'deploy/docker/image-tree.mjs'), tree, '--node']);
  const entrypoint = ['/usr/local/bin/node', '/opt/knot/apps/cli/bin/knot.mjs'];
  const options = { name: 'knot.test/knot:v1', files: { '.': tree }, entrypoint, user: '10001:10001' };
  await importImage(access, packImage(folder, options));
  kube = await freshNamespace(access);
  config = join(folder, 'kubeconfig');
  writeFileSync(config, kubeconfig(access, kube.namespace));
  port = await freePort();
  const keys = { 'shared-token': TOKEN, encrypt: 'a-key-of-the-tests-that-is-long-enough' };
  await kube.create({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'keys' }, stringData: keys });
}, 900_000);

async function kubectl(...args: string[]): Promise<string> {
  const all = ['--kubeconfig', config, ...args];
  return (await promisify(execFile)(goProgram('kubernetes', 'kubectl'), all)).stdout;
}

function release(verb: 'install' | 'upgrade', name: string, ...values: string[]): Promise<string> {
  const where = ['--kubeconfig', config, '--namespace', kube.namespace, '--wait', '--timeout', '4m'];
  const image = ['image.registry=knot.test', 'image.repository=knot', 'image.tag=v1', 'image.pullPolicy=Never'];
  // each location's spaces in a namespace that no other run of the tests has
  const all = [...image, `spaces.namespace=${spacesOf(name)}`, ...values].flatMap((value) => ['--set', value]);
  return helm(verb, name, CHART, ...where, ...all);
}

function spacesOf(name: string): string {
  return `${kube.namespace}-${name}`;
}

function hubValues(): string[] {
  return [`hub.url=http://127.0.0.1:${port}`, 'hub.existingSecret=keys', 'location=home', 'spaces.enabled=false'];
}

async function leafValues(location: string): Promise<string[]> {
  const { spec } = await kube.find('Service', 'hub');
  const origin = [
    `origin.url=http://${spec.clusterIP}:3000`,
    'origin.existingSecret=keys',
    'origin.allowPlaintext=true',
  ];
  return ['mode=leaf', `location=${location}`, ...origin];
}

/** The origin's port on loopback; a forward ends with the pod it leads to. */
async function reach(): Promise<void> {
  await forward?.kill();
  const args = ['--kubeconfig', config, 'port-forward', 'service/hub', `${port}:3000`];
  forward = await startChild(goProgram('kubernetes', 'kubectl'), args);
  await eventually(
    async () => (await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(3_000) })).status,
    (status) => status === 200,
    { ...PATIENCE, what: 'the origin' },
  );
}

async function live(name: string): Promise<void> {
  await eventually(
    () => api.location(name),
    (location) => location.live && location.platforms.some(({ platform, ready }) => platform === 'kubernetes' && ready),
    { ...PATIENCE, what: `location ${name} to be live` },
  );
}

async function podOf(location: string, { id }: Space): Promise<KubeObject> {
  const pods = await kube.in(spacesOf(location)).list('Pod', 'v1', `knot.dev/space=${id}`);
  return pods.find(({ metadata }) => !metadata.deletionTimestamp)?.metadata.uid;
}

/** The agent as the cluster's own server hands it out, in an image with a shell and the libraries that it needs. */
async function spaceImage(): Promise<void> {
  const folder = freshFolder('space-image');
  const url = `http://127.0.0.1:${port}/agents/${AGENT}`;
  const zip = Buffer.from(await (await fetch(url)).arrayBuffer());
  const digest = await (await fetch(`${url}.sha256`)).text();
  expect(digest).toContain(createHash('sha256').update(zip).digest('hex'));
  writeFileSync(join(folder, AGENT), zip);
  execFileSync('unzip', ['-q', AGENT], { cwd: folder });
  const libraries = ['lib', 'lib64'].map((name) => [name, join(tree, name)] as const);
  const files = {
    ...Object.fromEntries(libraries),
    'bin/busybox': '/bin/busybox',
    'bin/knot-agent': join(folder, 'knot-agent'),
  };
  const links = Object.fromEntries(['sh', 'env', 'echo', 'id'].map((tool) => [`bin/${tool}`, 'busybox']));
  await importImage(access, packImage(folder, { name: SPACE_IMAGE, files, links, entrypoint: ['/bin/sh'] }));
}

/** By a terminal and by stock SSH, into a pod that holds a shell and the single executable alone. */
async function enterPod(template: string): Promise<void> {
  const { id } = await api.createSpace('pod', template, 'lon');
  await api.wish(id, 'start');
  await api.phase(id, 'Running', PATIENCE);
  await agentJoined({ api }, id);
  const url = `http://127.0.0.1:${port}`;
  const window = await new TerminalWindow(url, api, id).open();
  window.type('echo of $KUBERNETES_SERVICE_PORT $KNOT_SPACEID\n');
  await window.hears(id);
  window.leave();
  const desk = new Desk();
  await desk.connect({ url });
  expect(await desk.ssh(['knot.pod', 'cat; exit 6'], 'typed')).toMatchObject({ code: 6, stdout: 'typed' });
  const [file, back] = [desk.file('file', randomBytes(8 * 1024 * 1024)), join(desk.home, 'back')];
  await desk.must(desk.run('scp', ['-F', desk.config, file, 'knot.pod:/copied']));
  await desk.must(desk.run('scp', ['-F', desk.config, 'knot.pod:/copied', back]));
  expect(await sha256Of(back)).toBe(await sha256Of(file));
  await api.wish(id, 'stop');
  await api.phase(id, 'Stopped', PATIENCE);
  await api.deleteSpace({ id, name: 'pod' });
  await api.gone(id, PATIENCE);
}

it('installs, upgrades, restarts, goes back and uninstalls under running spaces', async () => {
  await release('install', 'hub', 'mode=origin', ...hubValues());
  await reach();
  const logs = await kubectl('logs', 'statefulset/hub');
  const code = /with the code ([A-Za-z0-9_-]{8,})/.exec(logs)?.[1];
  const url = `http://127.0.0.1:${port}`;
  await new ApiClient(url, '').request('POST', '/setup', { code, ...ADMINISTRATOR });
  api = new ApiClient(url, await signIn(url, ADMINISTRATOR.username, ADMINISTRATOR.password));

  for (const location of ['lon', 'par']) await release('install', location, ...(await leafValues(location)));
  await Promise.all([live('lon'), live('par')]);
  const template = await api.createTemplate({ name: 'web', platform: 'kubernetes', job: JOB });
  const spaces = new Map<string, Space>();
  for (const location of ['lon', 'par']) {
    const space = await api.createSpace(`web-${location}`, template.id, location);
    await api.wish(space.id, 'start');
    spaces.set(location, await api.phase(space.id, 'Running', PATIENCE));
  }
  const lon = spaces.get('lon') as Space;
  const par = spaces.get('par') as Space;
  const uids = { lon: await podOf('lon', lon), par: await podOf('par', par) };
  expect(lon.instance).toBe(uids.lon);
  const unchanged = async () => {
    expect({ lon: await podOf('lon', lon), par: await podOf('par', par) }).toEqual(uids);
    for (const { id, instance } of [lon, par]) {
      await eventually(
        () => api.space(id),
        (now) => now.phase === 'Running' && now.instance === instance,
        { ...PATIENCE, what: 'the same pod to be shown running' },
      );
    }
  };

  // a space with an agent is made, entered by a terminal through the origin, and deleted, from a pod of the cluster
  await spaceImage();
  const entered = await api.createTemplate({ name: 'entered', platform: 'kubernetes', job: ENTERED });
  const tester = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'tester' }, stringData: { token: api.token } };
  await kube.create(tester);
  const tests = ['tests.existingSecret=tester', 'tests.template=entered', 'tests.timeout=1m'];
  // the cluster of the tests has no names
  const { spec } = await kube.find('Service', 'lon');
  const agents = `config.agent_endpoint=${spec.clusterIP}:3010`;
  await release('upgrade', 'lon', ...(await leafValues('lon')), 'podAnnotations.note=one', agents, ...tests);
  await live('lon');
  await unchanged();
  await eventually(
    () => api.location('lon'),
    ({ facts }) => facts?.agentEndpoint === `${spec.clusterIP}:3010`,
    { ...PATIENCE, what: 'the address of the agents to be known' },
  );
  const said = await helm('test', 'lon', '--logs', '--kubeconfig', config, '--namespace', kube.namespace);
  for (const step of ['created', 'started', 'entered', 'deleted']) expect(said).toContain(`at lon: ${step}`);
  expect((await api.spaces()).map(({ name }) => name).sort()).toEqual(['web-lon', 'web-par']);
  await enterPod(entered.id);

  // a wish while the leaf is away is kept
  const late = await api.createSpace('late', template.id, 'lon');
  await kubectl('rollout', 'restart', 'statefulset/lon');
  await api.wish(late.id, 'start');
  await kubectl('rollout', 'status', 'statefulset/lon', '--timeout=3m');
  await api.phase(late.id, 'Running', PATIENCE);
  await unchanged();

  await kubectl('rollout', 'undo', 'statefulset/lon');
  await kubectl('rollout', 'status', 'statefulset/lon', '--timeout=3m');
  await live('lon');
  await unchanged();

  // the origin goes away and comes back: the spaces do not notice
  await kubectl('rollout', 'restart', 'statefulset/hub');
  await kubectl('rollout', 'status', 'statefulset/hub', '--timeout=3m');
  await reach();
  await Promise.all([live('lon'), live('par')]);
  await unchanged();

  // likewise when it goes back to the template before
  const hub = ['mode=origin', ...hubValues(), 'podAnnotations.note=two'];
  await release('upgrade', 'hub', ...hub);
  await kubectl('rollout', 'undo', 'statefulset/hub');
  await kubectl('rollout', 'status', 'statefulset/hub', '--timeout=3m');
  await reach();
  await Promise.all([live('lon'), live('par')]);
  await unchanged();

  // a location is uninstalled: its spaces stay, and the origin says since when it is gone
  await helm('uninstall', 'par', '--kubeconfig', config, '--namespace', kube.namespace, '--wait');
  const left = Date.now();
  const gone = await eventually(
    () => api.location('par'),
    (location) => !location.live,
    { ...PATIENCE, what: 'par to be gone' },
  );
  // since its last word, which it said when it was told to go
  expect(Math.abs(gone.asOf - left)).toBeLessThan(60_000);
  expect(gone.spaces).toBe(1);
  expect((await api.space(par.id)).phase).toBe('Unknown');
  expect(await podOf('par', par)).toBe(uids.par);
  const forget = (confirm: string) => api.request('POST', '/locations/par/force-forget', { confirm });
  await expect(forget('lon')).rejects.toThrow();
  expect(await forget('par')).toEqual({ location: 'par', spaces: 1 });
  expect((await api.spaces()).map(({ name }) => name).sort()).toEqual(['late', 'web-lon']);
  expect(await podOf('par', par)).toBe(uids.par);
  expect((await kube.find('Namespace', spacesOf('par'))).status.phase).toBe('Active');
  await forward?.kill();
  for (const name of ['lon', 'hub'])
    await helm('uninstall', name, '--kubeconfig', config, '--namespace', kube.namespace);
  for (const name of ['lon', 'par']) await kube.delete('Namespace', spacesOf(name));
});
