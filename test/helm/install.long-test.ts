import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Space } from '../tools/api-client.js';
import { packImage } from '../tools/container-image.js';
import { eventually } from '../tools/eventually.js';
import { BUSYBOX, importImage, startKubernetes, type Kubernetes } from '../tools/kubernetes.js';
import { freshFolder } from '../tools/processes.js';
import { agentJoined, Desk, sha256Of } from '../tools/ssh.js';
import { TerminalWindow } from '../tools/terminal-window.js';
import { checkNetworkRules } from './network-rules.js';
import { openInBrowser } from './pod-in-browser.js';
import { imageTree, PATIENCE, Releases } from './releases.js';

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
        - { name: web, image: ${BUSYBOX}, imagePullPolicy: Never, command: [httpd, -f, -p, "8080"] }
`;

const AGENT = `knot_agent_linux_${process.arch === 'arm64' ? 'arm64' : 'amd64'}.zip`;
/** With a shell, a web app, and an agent beside them as an image of people has it. */
const SPACE_IMAGE = 'knot.test/space:v1';
const ENTERED = JOB.replace(BUSYBOX, SPACE_IMAGE).replace(
  '[httpd, -f, -p, "8080"]',
  '[sh, -c, "PORT=8000 node /opt/app/web-app.mjs & exec knot-agent agent"]',
);

const root = fileURLToPath(new URL('../..', import.meta.url));
let kubernetes: Kubernetes;
let releases: Releases;
let tree: string;

beforeAll(async () => {
  kubernetes = await startKubernetes({ enforcing: true });
  releases = await Releases.begin(kubernetes);
  tree = imageTree();
  await releases.importTree(tree, 'v1');
}, 900_000);
afterAll(() => kubernetes.stop());

/** The agent as the cluster's own server hands it out, in an image with a shell and the libraries that it needs. */
async function spaceImage(): Promise<void> {
  const folder = freshFolder('space-image');
  const url = `${releases.url}/agents/${AGENT}`;
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
    'usr/local/bin/node': join(tree, 'usr/local/bin/node'),
    'opt/app/web-app.mjs': join(root, 'test/tools/web-app.mjs'),
    'opt/app/node_modules/ws': join(root, 'node_modules/ws'),
  };
  const links = Object.fromEntries(['sh', 'env', 'echo', 'id'].map((tool) => [`bin/${tool}`, 'busybox']));
  await importImage(releases.access, packImage(folder, { name: SPACE_IMAGE, files, links, entrypoint: ['/bin/sh'] }));
}

/** By a terminal, a browser and stock SSH, into a pod with the single executable. */
async function enterPod(template: string): Promise<void> {
  const { api, url } = releases;
  const { id } = await api.createSpace('pod', template, 'lon');
  await api.wish(id, 'start');
  await api.phase(id, 'Running', PATIENCE);
  await agentJoined({ api }, id);
  const window = await new TerminalWindow(url, api, id).open();
  window.type('echo of $KUBERNETES_SERVICE_PORT $KNOT_SPACEID\n');
  await window.hears(id);
  window.leave();
  await openInBrowser(releases, id);
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

/** What kubectl writes of a space becomes a wish at the origin, by the account that the chart gives the leaf. */
async function patched(template: string): Promise<void> {
  const { api } = releases;
  await api.request('PUT', '/locations/lon/policy', { drivers: [], hostVolumes: [], leafWishes: true });
  const { id } = await api.createSpace('patched', template, 'lon');
  const namespace = ['-n', releases.spacesOf('lon')];
  await eventually(
    () => releases.kubectl('get', 'spaces', ...namespace),
    (text) => text.includes(id),
    { ...PATIENCE, what: 'kubectl to list the space' },
  );
  for (const [running, phase] of [[true, 'Running'] as const, [false, 'Stopped'] as const]) {
    const change = JSON.stringify({ spec: { running } });
    await releases.kubectl('patch', 'space', `knot-${id}`, ...namespace, '--type=merge', '-p', change);
    await api.phase(id, phase, PATIENCE);
  }
  await api.deleteSpace({ id, name: 'patched' });
  await api.gone(id, PATIENCE);
}

/** With a second space beside the first of lon. */
async function judged(template: string): Promise<void> {
  const { api, kube } = releases;
  const containers = [{ name: 'main', image: BUSYBOX, imagePullPolicy: 'Never', args: ['-c', 'exec sleep 100000'] }];
  const spec = { containers, terminationGracePeriodSeconds: 0 };
  await kube.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'stranger' }, spec });
  const { id } = await api.createSpace('beside', template, 'lon');
  await api.wish(id, 'start');
  await api.phase(id, 'Running', PATIENCE);
  await checkNetworkRules(releases, 'stranger');
  await api.deleteSpace({ id, name: 'beside' });
  await api.gone(id, PATIENCE);
}

/** What the program of a pod reads. */
function configOf(pod: string): Promise<string> {
  const print = "process.stdout.write(require('fs').readFileSync('/etc/knot/config/knot.yaml'))";
  return releases.kubectl('exec', pod, '--', '/usr/local/bin/node', '-e', print);
}

it('installs, upgrades, restarts, goes back and uninstalls under running spaces', async () => {
  const { kube } = releases;
  const hub = [...releases.hubValues(), 'config.wildcard_domain=*.knot-apps.test', 'config.terminal.webgl=false'];
  await releases.release('install', 'hub', ...hub);
  await releases.reach();
  await releases.setUp('statefulset/hub');
  const { api } = releases;
  for (const location of ['lon', 'par']) {
    await releases.release(
      'install',
      location,
      ...(await releases.leafValues(location)),
      'spaces.objects.enabled=true',
    );
  }
  await Promise.all([releases.live('lon'), releases.live('par')]);
  const template = await api.createTemplate({ name: 'web', platform: 'kubernetes', job: JOB });
  const spaces = new Map<string, Space>();
  for (const location of ['lon', 'par']) {
    const space = await api.createSpace(`web-${location}`, template.id, location);
    await api.wish(space.id, 'start');
    spaces.set(location, await api.phase(space.id, 'Running', PATIENCE));
  }
  const lon = spaces.get('lon') as Space;
  const par = spaces.get('par') as Space;
  const unchanged = () => Promise.all([releases.unchanged('lon', lon), releases.unchanged('par', par)]);
  await unchanged();

  // both locations show their spaces with kubectl, by one definition and an account of their own namespace each
  for (const location of ['lon', 'par']) {
    await eventually(
      () => releases.kubectl('get', 'spaces', '-n', releases.spacesOf(location)),
      (text) => new RegExp(`web-${location} +ada +web +Running`).test(text),
      { ...PATIENCE, what: `kubectl to list the space of ${location}` },
    );
  }
  await patched(template.id);
  await judged(template.id);

  // a space with an agent is made, entered by a terminal through the origin, and deleted, from a pod of the cluster
  await spaceImage();
  const ports = [{ port: 8000, label: 'Shop' }];
  const entered = await api.createTemplate({ name: 'entered', platform: 'kubernetes', job: ENTERED, ports });
  const tester = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'tester' }, stringData: { token: api.token } };
  await kube.create(tester);
  const tests = ['tests.existingSecret=tester', 'tests.template=entered', 'tests.timeout=1m'];
  // the cluster of the tests has no names
  const { spec } = await kube.find('Service', 'lon');
  const agents = `config.agent_endpoint=${spec.clusterIP}:3010`;
  await releases.release(
    'upgrade',
    'lon',
    ...(await releases.leafValues('lon')),
    'spaces.objects.enabled=true',
    'podAnnotations.note=one',
    agents,
    ...tests,
  );
  await releases.live('lon');
  await unchanged();
  await eventually(
    () => api.location('lon'),
    ({ facts }) => facts?.agentEndpoint === `${spec.clusterIP}:3010`,
    { ...PATIENCE, what: 'the address of the agents to be known' },
  );
  const said = await releases.helm('test', 'lon', '--logs');
  for (const step of ['created', 'started', 'entered', 'deleted']) expect(said).toContain(`at lon: ${step}`);
  expect((await api.spaces()).map(({ name }) => name).sort()).toEqual(['web-lon', 'web-par']);
  await enterPod(entered.id);

  // a wish while the leaf is away is kept
  const late = await api.createSpace('late', template.id, 'lon');
  await releases.kubectl('rollout', 'restart', 'statefulset/lon');
  await eventually(
    () => api.location('lon'),
    ({ live }) => !live,
    { ...PATIENCE, interval: 50, what: 'the leaf to go' },
  );
  await api.wish(late.id, 'start');
  await releases.kubectl('rollout', 'status', 'statefulset/lon', '--timeout=3m');
  await api.phase(late.id, 'Running', PATIENCE);
  await unchanged();

  await releases.rolled('statefulset/lon', 'undo');
  await releases.live('lon');
  await unchanged();

  // the origin goes away and comes back: the spaces do not notice
  await releases.rolled('statefulset/hub', 'restart');
  await releases.reach();
  await Promise.all([releases.live('lon'), releases.live('par')]);
  await unchanged();

  // likewise when its configuration changes, and when it goes back to the one before
  await releases.release('upgrade', 'hub', ...hub, 'config.audit_retention=30');
  expect(await configOf('hub-0')).toContain('audit_retention: 30');
  await releases.rolled('statefulset/hub', 'undo');
  expect(await configOf('hub-0')).not.toContain('audit_retention');
  await releases.reach();
  await Promise.all([releases.live('lon'), releases.live('par')]);
  await unchanged();

  // a location is uninstalled: its spaces stay, and the origin says since when it is gone
  await releases.helm('uninstall', 'par', '--wait');
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
  expect(await releases.podOf('par', par)).toBe(par.instance);
  const forget = (confirm: string) => api.request('POST', '/locations/par/force-forget', { confirm });
  await expect(forget('lon')).rejects.toThrow();
  expect(await forget('par')).toEqual({ location: 'par', spaces: 1 });
  expect((await api.spaces()).map(({ name }) => name).sort()).toEqual(['late', 'web-lon']);
  expect(await releases.podOf('par', par)).toBe(par.instance);
  expect((await kube.find('Namespace', releases.spacesOf('par'))).status.phase).toBe('Active');
});
