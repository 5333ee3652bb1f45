import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { childrenOf, startChild, type Child } from './child.js';
import { eventually } from './eventually.js';
import { goProgram } from './go-part.js';
import { makeDoor } from './kubernetes.js';
import { NomadClient } from './nomad-client.js';
import { freePorts } from './ports.js';
import { removeFolder, testFolder } from './test-folder.js';

const DRIVERS = ['raw_exec', 'mock_driver'];

export interface NomadOptions {
  /** Further top-level keys for the configuration of server and client (JSON form). */
  config?: Record<string, unknown>;
  /** Drivers of the client; raw_exec and mock_driver unless given. */
  drivers?: string[];
  /** Blocks `plugin` of the client's configuration, beside that of raw_exec. */
  plugins?: Record<string, unknown>[];
  /**
   * Runs between the server's start and the client's, with the id of a process in whose mounts and process ids the
   * client will live: what must share them is started there (`nsenter`), and ends with the agents.
   */
  beforeClient?: (pid: number, folder: string) => Promise<void>;
  /**
   * A network of its own, in which allocations have bridges; these further ports of loopback lead to the same ports of
   * the machine that Nomad sees, `MACHINE`.
   */
  ownNetwork?: readonly number[];
}

/** The address of the machine that Nomad sees where it has a network of its own. */
export const MACHINE = '10.90.0.1';

/** One real Nomad (a server and a client) on loopback, with ACL on, that ends with the process that started it. */
export interface Nomad {
  readonly addr: string;
  /** The management token. */
  readonly token: string;
  readonly dataDir: string;
  /** kill -9 of this process ends agents, executors and tasks; undefined while it is down. */
  readonly pid: number | undefined;
  client(namespace?: string): NomadClient;
  /** Makes a namespace with a name of its own. */
  freshNamespace(): Promise<NomadClient>;
  /** The agents stop answering, their tasks go on, until `thaw`. */
  freeze(): void;
  thaw(): void;
  /** The agents and all tasks die at once; data and ports are kept for `up`. */
  down(): Promise<void>;
  up(): Promise<void>;
  /** What the agents printed since they last came up. */
  output(): string;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

interface Ports {
  http: number;
  rpc: number;
  serf: number;
  clientHttp: number;
}

interface Place {
  /** What the command is put behind. */
  doors: readonly string[];
  folder: string;
  dataDir: string;
  serverFile: string;
  clientFile: string;
  /** The client is started when this file appears. */
  goFile: string;
}

/** Addresses and what CNI writes down, for nobody but what runs in the cage. */
const NETWORK = [
  'for place in /run /var/lib; do mount -t tmpfs tmpfs "$place"; done',
  'ip link set lo up',
  `ip link add machine0 type bridge; ip addr add ${MACHINE}/24 dev machine0; ip link set machine0 up`,
  'ip route add default dev machine0',
  'echo 1 >/proc/sys/net/ipv4/ip_forward',
].join('\n');

const LOOPBACK = '127.0.0.1';
const addressIn = ({ ownNetwork }: NomadOptions) => (ownNetwork ? MACHINE : LOOPBACK);

function commonConfig(options: NomadOptions) {
  return {
    bind_addr: addressIn(options),
    disable_update_check: true,
    acl: { enabled: true },
    consul: { auto_advertise: false, server_auto_join: false, client_auto_join: false },
    telemetry: { publish_allocation_metrics: false, publish_node_metrics: false, disable_hostname: true },
    ...options.config,
  };
}

function serverConfig(dataDir: string, { http, rpc, serf }: Ports, options: NomadOptions) {
  const at = addressIn(options);
  return {
    name: 'server',
    data_dir: join(dataDir, 's'),
    ports: { http, rpc, serf },
    advertise: { http: `${at}:${http}`, rpc: `${at}:${rpc}`, serf: `${at}:${serf}` },
    server: { enabled: true, bootstrap_expect: 1, raft_multiplier: 1 },
    ...commonConfig(options),
  };
}

function clientConfig(dataDir: string, ports: Ports, options: NomadOptions) {
  const { drivers = DRIVERS, plugins = [], ownNetwork } = options;
  const at = addressIn(options);
  // Nomad hands out ports from here; agents side by side should not hand out the same.
  const firstDynamicPort = 20_000 + 1_000 * Math.floor(Math.random() * 12);
  return {
    name: 'client',
    data_dir: join(dataDir, 'c'),
    ports: { http: ports.clientHttp },
    // a client listens on no RPC or serf port, and refuses to start without an address for each
    advertise: { http: `${at}:${ports.clientHttp}`, rpc: `${at}:${ports.rpc}`, serf: `${at}:${ports.serf}` },
    client: {
      enabled: true,
      servers: [`${at}:${ports.rpc}`],
      ...(ownNetwork ? { network_interface: 'machine0', cni_path: '/usr/lib/cni' } : { network_interface: 'lo' }),
      // more than the machine has, so that tests are never refused for want of room
      cpu_total_compute: 1_000_000,
      memory_total_mb: 1_000_000,
      disk_total_mb: 10_000_000,
      disk_free_mb: 10_000_000,
      min_dynamic_port: firstDynamicPort,
      max_dynamic_port: firstDynamicPort + 999,
      host_volumes_dir: join(dataDir, 'host_volumes'),
      options: {
        'driver.allowlist': drivers.join(','),
        // what would ask a cloud's metadata address or other servers
        'fingerprint.denylist': 'env_aws,env_gce,env_azure,env_digitalocean,consul,vault',
      },
    },
    ...commonConfig(options),
    plugin: [{ raw_exec: [{ config: [{ enabled: true }] }] }, ...plugins],
  };
}

/** Server and client as two processes: a client that registers before the server's key ring is there waits 15 to 30 s. */
async function startAgents({ doors, folder, serverFile, clientFile, goFile }: Place): Promise<Child> {
  const env: NodeJS.ProcessEnv = { ...process.env, HOME: folder };
  for (const name of Object.keys(env)) if (/^(AWS_|NOMAD_|CONSUL_|VAULT_)/.test(name)) delete env[name];
  rmSync(goFile, { force: true });
  const start = '"$0" agent -config "$1" & while [ ! -e "$3" ]; do sleep 0.05; done; exec "$0" agent -config "$2"';
  const script = doors.length > 0 ? `set -e\n${NETWORK}\n${start}` : start;
  // In mount and process namespaces of its own: when unshare dies everything in them dies, and no mount stays behind.
  const cage = ['--mount', '--pid', '--fork', '--mount-proc', '--kill-child'];
  const command = ['/bin/sh', '-c', script, goProgram('nomad', 'nomad'), serverFile, clientFile, goFile];
  return startChild('unshare', [...cage, ...doors, ...command], { env, cwd: folder });
}

/** The process ids of server and client under `unshare` and a door; not those of tasks and their executors. */
function agentsUnder(pid: number): number[] {
  const first = childrenOf(pid);
  const second = first.flatMap(childrenOf);
  return [...first, ...second, ...second.flatMap(childrenOf)].filter((id) => {
    try {
      return readFileSync(`/proc/${id}/cmdline`, 'utf8').includes('\0agent\0-config\0');
    } catch {
      return false;
    }
  });
}

async function bootstrap(addr: string): Promise<string> {
  const token = randomUUID();
  const response = await fetch(`${addr}/v1/acl/bootstrap`, {
    method: 'POST',
    body: JSON.stringify({ BootstrapSecret: token }),
    signal: AbortSignal.timeout(5_000),
  });
  if (!response.ok) throw new Error(`ACL bootstrap: ${response.status} ${await response.text()}`);
  return token;
}

/** Waits until the server leads and has its keys: only then can a client register. */
async function serverReady(addr: string): Promise<void> {
  const look = async () => {
    const signal = AbortSignal.timeout(5_000);
    const leader = await fetch(`${addr}/v1/status/leader`, { signal });
    const keys = await fetch(`${addr}/.well-known/jwks.json`, { signal });
    if (!leader.ok || !keys.ok) return 0;
    return ((await keys.json()) as { keys: unknown[] }).keys.length;
  };
  await eventually(look, Boolean, { timeout: 60_000, interval: 50, what: 'a Nomad server with its key ring' });
}

/** Waits for a node that can take a job: a leader alone places nothing, and a node of before looks ready in the state. */
async function nodeReady(child: Child, client: NomadClient): Promise<void> {
  await child.waitForLine(/node registration complete/, { timeout: 60_000 });
  const nodes = () => client.request<{ Status: string }[]>('GET', '/v1/nodes');
  const isReady = (found: Awaited<ReturnType<typeof nodes>>) => found.some((node) => node.Status === 'ready');
  await eventually(nodes, isReady, { timeout: 60_000, interval: 50, what: 'a ready Nomad node' });
}

export async function startNomad(options: NomadOptions = {}): Promise<Nomad> {
  const folder = testFolder('nomad');
  // short names: a CSI plugin's socket lies deep below, and a socket's path has 107 characters at most
  const dataDir = join(folder, 'd');
  const at = (name: string) => join(folder, name);
  const place: Place = {
    doors: [],
    folder,
    dataDir,
    serverFile: at('server.json'),
    clientFile: at('client.json'),
    goFile: at('go'),
  };
  const [http = 0, rpc = 0, serf = 0, clientHttp = 0] = await freePorts(4);
  const ports = { http, rpc, serf, clientHttp };
  const addr = `http://${LOOPBACK}:${http}`;
  if (options.ownNetwork) {
    const led = [http, ...options.ownNetwork].map((port) => `${port}=${MACHINE}:${port}`);
    place.doors = [makeDoor(folder), ...led, '--'];
  }
  writeFileSync(place.serverFile, JSON.stringify(serverConfig(dataDir, ports, options), undefined, 2));
  writeFileSync(place.clientFile, JSON.stringify(clientConfig(dataDir, ports, options), undefined, 2));

  let child: Child | undefined;
  let output = () => '';
  let token = '';
  const client = (namespace = 'default') => new NomadClient({ addr, token, namespace });
  const signalAgents = (signal: NodeJS.Signals) => {
    for (const pid of child ? agentsUnder(child.pid) : []) process.kill(pid, signal);
  };

  const nomad: Nomad = {
    addr,
    get token() {
      return token;
    },
    dataDir,
    get pid() {
      return child?.pid;
    },
    client,
    freshNamespace: () => client().createNamespace(`test-${randomUUID().slice(0, 8)}`),
    freeze: () => signalAgents('SIGSTOP'),
    thaw: () => signalAgents('SIGCONT'),
    async down() {
      await child?.kill();
      child = undefined;
    },
    async up() {
      if (child) return;
      child = await startAgents(place);
      output = child.output;
      await serverReady(addr);
      if (token === '') token = await eventually(() => bootstrap(addr), Boolean, { what: 'the ACL bootstrap' });
      const [inside] = childrenOf(child.pid);
      if (inside !== undefined) await options.beforeClient?.(inside, folder);
      writeFileSync(place.goFile, '');
      await nodeReady(child, client());
    },
    output: () => output(),
    async stop() {
      await nomad.down();
      removeFolder(folder);
    },
  };

  try {
    await nomad.up();
  } catch (error) {
    await nomad.stop();
    const printed = output().slice(-5_000);
    throw new Error(`Nomad did not start. It printed:\n${printed}`, { cause: error });
  }
  return nomad;
}
