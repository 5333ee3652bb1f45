import { randomUUID } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { childrenOf, startChild, type Child } from './child.js';
import { eventually } from './eventually.js';
import { NomadClient } from './nomad-client.js';
import parts from './parts.json' with { type: 'json' };
import { freePorts } from './ports.js';
import { removeFolder, testFolder } from './test-folder.js';

export interface NomadOptions {
  /** Further keys of the agent's configuration (JSON form), put over those of this tool at the top level. */
  config?: Record<string, unknown>;
  /** Drivers of the client; raw_exec and mock_driver unless given. */
  drivers?: string[];
}

/** One real Nomad agent (server and client) on loopback, with ACL on, that ends with the process that started it. */
export interface Nomad {
  readonly addr: string;
  /** The management token. */
  readonly token: string;
  readonly dataDir: string;
  /** kill -9 of this process ends agent, executors and tasks; undefined while it is down. */
  readonly pid: number | undefined;
  client(namespace?: string): NomadClient;
  /** Makes a namespace with a name of its own. */
  freshNamespace(): Promise<NomadClient>;
  /** The agent stops answering, its tasks go on, until `thaw`. */
  freeze(): void;
  thaw(): void;
  /** The agent and all its tasks die at once; data and ports are kept for `up`. */
  down(): Promise<void>;
  up(): Promise<void>;
  /** What the agent printed since it last came up. */
  output(): string;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

export function nomadBinary(): string {
  const cache = process.env['KNOT_TOOLS_CACHE'] || join(homedir(), '.cache', 'knot-tools');
  const binary = join(cache, `nomad-${parts.nomad.version}`);
  if (!existsSync(binary)) throw new Error(`There is no ${binary}. Run: node test/tools/get.mjs`);
  return binary;
}

interface Ports {
  http: number;
  rpc: number;
  serf: number;
}

function agentConfig(
  dataDir: string,
  ports: Ports,
  { config = {}, drivers = ['raw_exec', 'mock_driver'] }: NomadOptions,
) {
  const loopback = (port: number) => `127.0.0.1:${port}`;
  // Nomad hands out ports from here; agents side by side should not hand out the same.
  const firstDynamicPort = 20_000 + 1_000 * Math.floor(Math.random() * 12);
  return {
    name: 'test',
    data_dir: dataDir,
    bind_addr: '127.0.0.1',
    disable_update_check: true,
    ports,
    advertise: { http: loopback(ports.http), rpc: loopback(ports.rpc), serf: loopback(ports.serf) },
    server: { enabled: true, bootstrap_expect: 1, raft_multiplier: 1 },
    client: {
      enabled: true,
      servers: [loopback(ports.rpc)],
      network_interface: 'lo',
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
    plugin: [{ raw_exec: [{ config: [{ enabled: true }] }] }],
    acl: { enabled: true },
    consul: { auto_advertise: false, server_auto_join: false, client_auto_join: false },
    telemetry: { publish_allocation_metrics: false, publish_node_metrics: false, disable_hostname: true },
    ...config,
  };
}

async function startAgent(dataDir: string, configFile: string): Promise<Child> {
  const env = { ...process.env, HOME: dataDir };
  for (const name of Object.keys(env)) if (/^(AWS_|NOMAD_|CONSUL_|VAULT_)/.test(name)) delete env[name];
  // In mount and process namespaces of its own: when unshare dies everything in them dies, and no mount stays behind.
  const cage = ['--mount', '--pid', '--fork', '--mount-proc', '--kill-child'];
  return startChild('unshare', [...cage, nomadBinary(), 'agent', '-config', configFile], { env, cwd: dataDir });
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

/** Waits for a node that can take a job: a leader alone places nothing. */
async function nodeReady(client: NomadClient): Promise<void> {
  const nodes = () => client.request<{ Status: string; SchedulingEligibility: string }[]>('GET', '/v1/nodes');
  const isReady = (found: Awaited<ReturnType<typeof nodes>>) => found.some((node) => node.Status === 'ready');
  await eventually(nodes, isReady, { timeout: 60_000, interval: 100, what: 'a ready Nomad node' });
}

export async function startNomad(options: NomadOptions = {}): Promise<Nomad> {
  const folder = testFolder('nomad');
  const dataDir = join(folder, 'data');
  const [http = 0, rpc = 0, serf = 0] = await freePorts(3);
  const addr = `http://127.0.0.1:${http}`;
  const configFile = join(folder, 'agent.json');
  writeFileSync(configFile, JSON.stringify(agentConfig(dataDir, { http, rpc, serf }, options), undefined, 2));

  let child: Child | undefined = await startAgent(folder, configFile);
  let output = child.output;
  const explain = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw new Error(`Nomad did not start: ${String(error)}\n${output().slice(-5_000)}`, { cause: error });
    }
  };
  let token = '';
  const client = (namespace = 'default') => new NomadClient({ addr, token, namespace });
  const signalAgent = (signal: NodeJS.Signals) => {
    for (const pid of child ? childrenOf(child.pid) : []) process.kill(pid, signal);
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
    freeze: () => signalAgent('SIGSTOP'),
    thaw: () => signalAgent('SIGCONT'),
    async down() {
      await child?.kill();
      child = undefined;
    },
    async up() {
      child ??= await startAgent(folder, configFile);
      output = child.output;
      await explain(nodeReady(client()));
    },
    output: () => output(),
    async stop() {
      await nomad.down();
      removeFolder(folder);
    },
  };

  try {
    token = await explain(eventually(() => bootstrap(addr), Boolean, { timeout: 60_000, what: 'a Nomad leader' }));
    await explain(nodeReady(client()));
  } catch (error) {
    await nomad.stop();
    throw error;
  }
  return nomad;
}
