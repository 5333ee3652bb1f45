import { execFile, execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll } from 'vitest';
import { ApiClient, type Space } from '../tools/api-client.js';
import { startChild, type Child } from '../tools/child.js';
import { setUp } from '../tools/cluster.js';
import { packImage } from '../tools/container-image.js';
import { eventually } from '../tools/eventually.js';
import { goProgram } from '../tools/go-part.js';
import type { KubeClient } from '../tools/kube-client.js';
import { importImage, kubeconfig, type KubernetesAccess } from '../tools/kubernetes.js';
import { freePort } from '../tools/ports.js';
import { freshFolder } from '../tools/processes.js';
import { freshNamespace } from '../tools/shared-kubernetes.js';
import { CHART, helm } from './helm.js';

export const PATIENCE = { timeout: 300_000, interval: 500 };
const TOKEN = 'a-shared-token-of-the-tests';
const root = fileURLToPath(new URL('../..', import.meta.url));

/** The file tree of this version's image. */
export function imageTree(): string {
  const tree = join(freshFolder('image'), 'tree');
  execFileSync(process.execPath, [join(root, 'tools/build-agent.mjs')]);
  execFileSync(process.execPath, [join(root, 'deploy/docker/image-tree.mjs'), tree, '--node']);
  return tree;
}

/** Releases of the chart in one namespace of the tests' cluster; each has a namespace for its spaces. */
export class Releases {
  private forward: Child | null = null;
  private readonly names = new Set<string>();
  private constructor(
    readonly access: KubernetesAccess,
    readonly kube: KubeClient,
    readonly config: string,
    private readonly port: number,
  ) {}

  /** Signed in as the first administrator, once there is one. */
  api!: ApiClient;

  static async begin(access: KubernetesAccess): Promise<Releases> {
    const kube = await freshNamespace(access);
    const config = join(freshFolder('releases'), 'kubeconfig');
    writeFileSync(config, kubeconfig(access, kube.namespace));
    const keys = { 'shared-token': TOKEN, encrypt: 'a-key-of-the-tests-that-is-long-enough' };
    await kube.create({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'keys' }, stringData: keys });
    const releases = new Releases(access, kube, config, await freePort());
    afterAll(() => releases.end(), 600_000);
    return releases;
  }

  async importTree(tree: string, version: string): Promise<void> {
    const entrypoint = ['/usr/local/bin/node', '/opt/knot/apps/cli/bin/knot.mjs'];
    const options = { name: `knot.test/knot:${version}`, files: { '.': tree }, entrypoint, user: '10001:10001' };
    await importImage(this.access, packImage(freshFolder('image'), options));
  }

  async kubectl(...args: string[]): Promise<string> {
    const all = ['--kubeconfig', this.config, ...args];
    return (await promisify(execFile)(goProgram('kubernetes', 'kubectl'), all)).stdout;
  }

  helm(...args: string[]): Promise<string> {
    return helm(...args, '--kubeconfig', this.config, '--namespace', this.kube.namespace);
  }

  release(verb: 'install' | 'upgrade', name: string, ...values: string[]): Promise<string> {
    this.names.add(name);
    const image = ['image.registry=knot.test', 'image.repository=knot', 'image.pullPolicy=Never', 'image.tag=v1'];
    // each location's spaces in a namespace that no other run of the tests has
    const all = [...image, `spaces.namespace=${this.spacesOf(name)}`, ...values].flatMap((value) => ['--set', value]);
    return this.helm(verb, name, CHART, '--wait', '--timeout', '6m', ...all);
  }

  spacesOf(name: string): string {
    return `${this.kube.namespace}-${name}`;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  hubValues(): string[] {
    return ['mode=origin', `hub.url=${this.url}`, 'hub.existingSecret=keys', 'location=home', 'spaces.enabled=false'];
  }

  async leafValues(location: string): Promise<string[]> {
    const { spec } = await this.kube.find('Service', 'hub');
    const origin = [
      `origin.url=http://${spec.clusterIP}:3000`,
      'origin.existingSecret=keys',
      'origin.allowPlaintext=true',
    ];
    return ['mode=leaf', `location=${location}`, ...origin];
  }

  /** The origin's port on loopback; a forward ends with the pod it leads to. */
  async reach(): Promise<void> {
    await this.forward?.kill();
    const args = ['--kubeconfig', this.config, 'port-forward', 'service/hub', `${this.port}:3000`];
    this.forward = await startChild(goProgram('kubernetes', 'kubectl'), args);
    await eventually(
      async () => (await fetch(`${this.url}/readyz`, { signal: AbortSignal.timeout(3_000) })).status,
      (status) => status === 200,
      { ...PATIENCE, what: 'the origin' },
    );
  }

  /** Makes the first administrator, by a code of the log of the origin's pods. */
  async setUp(...pods: string[]): Promise<void> {
    this.api = new ApiClient(this.url, await setUp(this.url, () => this.kubectl('logs', ...pods)));
  }

  async live(name: string): Promise<void> {
    await eventually(
      () => this.api.location(name),
      ({ live, platforms }) => live && platforms.some(({ platform, ready }) => platform === 'kubernetes' && ready),
      { ...PATIENCE, what: `location ${name} to be live` },
    );
  }

  /** The uid of the pod of a space. */
  async podOf(location: string, { id }: Space): Promise<string | undefined> {
    const pods = await this.kube.in(this.spacesOf(location)).list('Pod', 'v1', `knot.dev/space=${id}`);
    return pods.find(({ metadata }) => !metadata.deletionTimestamp)?.metadata.uid;
  }

  /** The same pod runs, and is shown so. */
  async unchanged(location: string, space: Space): Promise<void> {
    const pod = await this.podOf(location, space);
    if (pod !== space.instance) throw new Error(`${space.name} was ${space.instance} and is ${pod}`);
    await eventually(
      () => this.api.space(space.id),
      (now) => now.phase === 'Running' && now.instance === space.instance,
      { ...PATIENCE, what: 'the same pod to be shown running' },
    );
  }

  async rolled(workload: string, verb: 'restart' | 'undo'): Promise<void> {
    await this.kubectl('rollout', verb, workload);
    await this.kubectl('rollout', 'status', workload, '--timeout=5m');
  }

  /** However the test has gone, nothing of its releases is left: not the namespaces of their spaces either, which outlive them. */
  private async end(): Promise<void> {
    await this.forward?.kill();
    const namespaces = [...this.names].map((name) => this.spacesOf(name));
    for (const name of this.names) await this.helm('uninstall', name, '--ignore-not-found', '--wait');
    for (const namespace of namespaces) await this.kube.delete('Namespace', namespace);
    await eventually(
      async () => (await Promise.all(namespaces.map((name) => this.kube.find('Namespace', name)))).filter(Boolean),
      ({ length }) => length === 0,
      { ...PATIENCE, what: `the namespaces ${namespaces.join(', ')} to be gone` },
    );
  }
}
