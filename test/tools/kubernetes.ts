import { execFile, execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startChild, type Child } from './child.js';
import { packImage } from './container-image.js';
import { eventually } from './eventually.js';
import { getPart, goProgram } from './go-part.js';
import { KubeClient, type KubeAccess } from './kube-client.js';
import { freePort } from './ports.js';
import { removeFolder, testFolder } from './test-folder.js';

const sources = join(dirname(fileURLToPath(import.meta.url)), 'kubernetes');

/** The image that test pods run: busybox, with its tools in /bin. */
export const BUSYBOX = 'knot.test/busybox:1';
export const PAUSE = 'knot.test/pause:1';

/** What a test needs to reach the cluster; plain values that pass between processes. */
export interface KubernetesAccess extends KubeAccess {
  readonly folder: string;
  /** kill -9 of this process ends everything of the cluster. */
  readonly pid: number;
}

export interface Kubernetes extends KubernetesAccess {
  client(): KubeClient;
  /** The last that each part printed. */
  output(): string;
  stop(): Promise<void>;
}

export interface KubernetesOptions {
  /** Its NetworkPolicies hold; the addresses 169.254.169.254 and 203.0.113.5 listen on ports of theirs to tell by. */
  readonly enforcing?: boolean;
}

/**
 * A whole real Kubernetes of one node in a cage of its own: mount, process and network namespaces. Its one opening is a
 * port on loopback; its pods' addresses are in no other network; it ends, and unmounts all, with one process.
 */
export async function startKubernetes({ enforcing = false }: KubernetesOptions = {}): Promise<Kubernetes> {
  const folder = testFolder('kubernetes');
  const port = await freePort();
  const token = randomBytes(16).toString('hex');
  const cgroup = folder.slice(folder.lastIndexOf('/') + 1);
  const images = prepare(folder, token, cgroup);
  const server = `https://127.0.0.1:${port}`;
  const access = { server, token, ca: readFileSync(join(folder, 'ca.crt'), 'utf8') };
  const env: NodeJS.ProcessEnv = {
    PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
    FOLDER: folder,
    CGROUP: cgroup,
    ETCD: goProgram('etcd', 'etcd'),
    KUBE: dirname(goProgram('kubernetes', 'kube-apiserver')),
    IMAGES: images.join(' '),
    ...(enforcing && { POLICIES: await judge() }),
  };
  const namespaces = ['--mount', '--pid', '--fork', '--mount-proc', '--kill-child'];
  const command = [makeDoor(folder), `${port}=127.0.0.1:6443`, '--', join(sources, 'cage.sh')];
  const child = await startChild('unshare', [...namespaces, ...command], { env, cwd: folder });
  const output = () => `${child.output()}\n${lastLines(folder)}`;
  const stop = async () => {
    await child.kill();
    removeCgroups(cgroup);
    removeFolder(folder);
  };
  try {
    await ready(child, new KubeClient(access));
  } catch (error) {
    const printed = output();
    await stop();
    throw new Error(`Kubernetes did not start. It printed:\n${printed}`, { cause: error });
  }
  return { ...access, folder, pid: child.pid, client: () => new KubeClient(access), output, stop };
}

/** What judges by NetworkPolicies; got when it is first asked for. */
async function judge(): Promise<string> {
  await getPart('policies');
  return goProgram('policies', 'network-policies');
}

/** Everything the cage reads, made anew each time: certificates, configurations, programs of ours, images. */
function prepare(folder: string, token: string, cgroup: string): string[] {
  mkdirSync(join(folder, 'cni'), { recursive: true });
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  const run = (command: string, ...args: string[]) => execFileSync(command, args, { cwd: folder, stdio: 'pipe' });
  const names = ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'localhost'].map(
    (name) => `DNS:${name}`,
  );
  const addresses = ['127.0.0.1', '10.88.0.1', '10.96.0.1'].map((address) => `IP:${address}`);
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const authority = ['-days', '30', '-keyout', 'ca.key', '-out', 'ca.crt', '-subj', '/CN=knot tests'];
  run('openssl', 'req', '-x509', ...key, ...authority);
  run('openssl', 'req', ...key, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=kubernetes');
  write('server.ext', `subjectAltName=${[...names, ...addresses].join(',')}\n`);
  const signing = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '30', '-extfile', 'server.ext'];
  run('openssl', 'x509', '-req', '-in', 'server.csr', '-out', 'server.crt', ...signing);
  run('openssl', 'genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048', '-out', 'accounts.key');
  write('tokens.csv', `${token},admin,admin,"system:masters"\n`);
  const ca = readFileSync(join(folder, 'ca.crt'), 'utf8');
  write('inside.yaml', kubeconfig({ server: 'https://127.0.0.1:6443', token, ca }));
  write('containerd.toml', containerdConfig(folder));
  write('cni/10-pods.conflist', JSON.stringify(CNI));
  write('kubelet.yaml', JSON.stringify(kubeletConfig(folder, cgroup)));
  write('proxy.yaml', JSON.stringify(proxyConfig(folder)));
  const files = { 'bin/busybox': '/bin/busybox' };
  const tools = ['sh', 'sleep', 'cat', 'echo', 'ls', 'dd', 'tail', 'wget', 'httpd', 'nc', 'id', 'env', 'kill', 'head'];
  const links = Object.fromEntries(tools.map((tool) => [`bin/${tool}`, 'busybox']));
  return [
    pauseImage(folder),
    packImage(folder, { name: BUSYBOX, files, links, folders: ['home', 'etc'], entrypoint: ['/bin/sh'] }),
  ];
}

function compiled(program: 'door' | 'pause', folder: string): string {
  const target = join(folder, program);
  execFileSync('/usr/bin/gcc', ['-static', '-O1', '-o', target, join(sources, `${program}.c`)], { stdio: 'pipe' });
  return target;
}

/** The program that leads from loopback ports into a network namespace of its own. */
export function makeDoor(folder: string): string {
  return compiled('door', folder);
}

/** The image of what holds a pod's namespaces. */
export function pauseImage(folder: string): string {
  return packImage(folder, { name: PAUSE, files: { pause: compiled('pause', folder) }, entrypoint: ['/pause'] });
}

/** A kubeconfig with one context for one token. */
export function kubeconfig({ server, token, ca }: KubeAccess, namespace = 'default'): string {
  const cluster = server.startsWith('http:')
    ? { server, 'insecure-skip-tls-verify': true }
    : { server, 'certificate-authority-data': Buffer.from(ca).toString('base64') };
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test', namespace } }],
    clusters: [{ name: 'test', cluster }],
    users: [{ name: 'test', user: { token } }],
  });
}

/** Gives the node an image that `packImage` made. */
export async function importImage({ folder }: Pick<KubernetesAccess, 'folder'>, archive: string): Promise<void> {
  const socket = join(folder, 'containerd.sock');
  await promisify(execFile)('ctr', ['-a', socket, '-n', 'k8s.io', 'images', 'import', archive]);
}

function containerdConfig(folder: string): string {
  return `version = 2
root = "/var/lib/containerd"
state = "/run/containerd"
oom_score = 0
disabled_plugins = ["io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.devmapper"]
[plugins."io.containerd.grpc.v1.cri"]
  restrict_oom_score_adj = true
  disable_apparmor = true
  sandbox_image = "${PAUSE}"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "${folder}/cni"
`;
}

/** Each pod has a wire of its own: with a bridge, answers of a Service would pass by its address translation. */
const CNI = {
  cniVersion: '0.4.0',
  name: 'pods',
  plugins: [
    {
      type: 'ptp',
      ipMasq: true,
      ipam: { type: 'host-local', ranges: [[{ subnet: '10.89.0.0/16' }]], routes: [{ dst: '0.0.0.0/0' }] },
    },
    { type: 'portmap', capabilities: { portMappings: true } },
  ],
};

function kubeletConfig(folder: string, cgroup: string) {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    containerRuntimeEndpoint: `unix://${folder}/containerd.sock`,
    authentication: { anonymous: { enabled: true }, webhook: { enabled: false } },
    authorization: { mode: 'AlwaysAllow' },
    failCgroupV1: false,
    cgroupDriver: 'cgroupfs',
    cgroupRoot: `/${cgroup}`,
    enforceNodeAllocatable: [],
    failSwapOn: false,
    oomScoreAdj: 0,
    resolvConf: '',
    clusterDNS: ['10.96.0.10'],
    maxPods: 500,
    podLogsDir: '/var/log/pods',
    evictionHard: { 'memory.available': '50Mi', 'nodefs.available': '1%', 'imagefs.available': '1%' },
    imageGCHighThresholdPercent: 100,
    nodeStatusUpdateFrequency: '10s',
    syncFrequency: '10s',
    volumePluginDir: '/var/lib/kubelet/plugins',
    healthzPort: 0,
    crashLoopBackOff: { maxContainerRestartPeriod: '3s' },
    featureGates: { KubeletCrashLoopBackOffMax: true },
    registryPullQPS: 0,
    eventRecordQPS: 0,
  };
}

function proxyConfig(folder: string) {
  return {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    clientConnection: { kubeconfig: `${folder}/inside.yaml` },
    mode: 'iptables',
    oomScoreAdj: 0,
    bindAddress: '127.0.0.1',
    healthzBindAddress: '127.0.0.1:10256',
    metricsBindAddress: '127.0.0.1:10249',
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' },
    nodePortAddresses: ['127.0.0.0/8'],
    iptables: { localhostNodePorts: true },
  };
}

/** A node that takes pods, an account for them, and a class of volumes. */
async function ready(child: Child, client: KubeClient): Promise<void> {
  const alive = () => {
    if (!child.isRunning()) throw new Error('the cage has ended');
  };
  const wait = { timeout: 240_000, interval: 100 };
  await eventually(
    () => (alive(), client.get('/readyz')),
    (answer) => answer !== null,
    { ...wait, what: 'the API server' },
  );
  await client.apply({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'standard', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
    provisioner: 'kubernetes.io/host-path',
  });
  await eventually(
    async () => {
      alive();
      const node = await client.get('/api/v1/nodes/node');
      const conditions = node?.status?.conditions ?? [];
      const isReady = conditions.some(
        (one: { type: string; status: string }) => one.type === 'Ready' && one.status === 'True',
      );
      return isReady && (node?.spec?.taints ?? []).length === 0;
    },
    Boolean,
    { ...wait, what: 'a ready node' },
  );
  await eventually(() => client.get('/api/v1/namespaces/default/serviceaccounts/default'), Boolean, {
    ...wait,
    what: 'the default account',
  });
}

function lastLines(folder: string): string {
  return readdirSync(join(folder, 'log'))
    .map((name) => `--- ${name}\n${readFileSync(join(folder, 'log', name), 'utf8').slice(-2_000)}`)
    .join('\n');
}

/** The groups of a cluster that has ended; deepest first, as only an empty one can go. */
function removeCgroups(name: string): void {
  const remove = (folder: string) => {
    try {
      for (const entry of readdirSync(folder, { withFileTypes: true })) {
        if (entry.isDirectory()) remove(join(folder, entry.name));
      }
      rmdirSync(folder);
    } catch {
      // a process in it is still on its way out, or it is gone already: nothing of it runs
    }
  };
  for (const controller of readdirSync('/sys/fs/cgroup')) remove(join('/sys/fs/cgroup', controller, name));
}

/** Those of clusters whose test run was killed before it could remove them. */
export function removeStaleCgroups(isStale: (folderName: string) => boolean): void {
  const names = new Set<string>();
  for (const controller of readdirSync('/sys/fs/cgroup')) {
    try {
      for (const name of readdirSync(join('/sys/fs/cgroup', controller))) if (isStale(name)) names.add(name);
    } catch {
      // a file, not a controller
    }
  }
  for (const name of names) removeCgroups(name);
}
