import { beforeAll, expect, it } from 'vitest';
import { ApiProblem, type Space } from '../tools/api-client.js';
import { locationReady, startLeaf, startOrigin, type Leaf, type Origin } from '../tools/cluster.js';
import { eventually } from '../tools/eventually.js';
import type { KubeClient } from '../tools/kube-client.js';
import { BUSYBOX } from '../tools/kubernetes.js';
import { ON_FAKE_NODES, startFakeNodes } from '../tools/kwok.js';
import { freshNamespace, sharedKubernetes } from '../tools/shared-kubernetes.js';
import { inParallel } from '../bench/in-parallel.js';
import { memoryOf } from '../bench/process-usage.js';
import { kubeconfigFile } from './kubernetes-driver/harness.js';
import { deployment } from './kubernetes-driver/manifests.js';

const SPACES = Number(process.env['KNOT_TEST_SPACES'] ?? 2_000);
const CHANGED = Math.ceil(SPACES / 100);
const PATIENCE = { timeout: 1_200_000, interval: 2_000 };

let kube: KubeClient;
let origin: Origin;
let leaf: Leaf;

beforeAll(async () => {
  const access = await sharedKubernetes();
  kube = await freshNamespace(access);
  await startFakeNodes(kube, 3);
  origin = await startOrigin();
  leaf = await startLeaf(origin, {
    location: 'lon',
    config: {
      'server.kubernetes.enabled': true,
      'server.kubernetes.kubeconfig': kubeconfigFile(access),
      'server.kubernetes.namespace': kube.namespace,
    },
  });
  await locationReady(origin, 'lon', 'kubernetes');
}, 400_000);

type Listed = Pick<Space, 'id' | 'name' | 'phase' | 'instance'>;

async function all(): Promise<Listed[]> {
  const found: Listed[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const from: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page: { items: Listed[]; next: string | null } = await origin.api.request('GET', `/spaces?limit=200${from}`);
    found.push(...page.items);
    cursor = page.next;
  }
  return found;
}

async function untilRunning(count: number): Promise<void> {
  await eventually(
    async () => (await all()).filter(({ phase }) => phase === 'Running').length,
    (running) => running === count,
    { ...PATIENCE, what: `${count} spaces to run` },
  );
}

/** Again where the API server was too busy to say a word: then the origin refuses, and says so. */
async function started(id: string): Promise<void> {
  await eventually(
    () => origin.api.wish(id, 'start').catch((error: unknown) => (isRefusal(error) ? null : Promise.reject(error))),
    (operation) => operation !== null,
    { ...PATIENCE, what: `${id} to be started` },
  );
}

function isRefusal(error: unknown): boolean {
  return error instanceof ApiProblem && error.problem.code === 'location.unavailable';
}

/** Past knot: of each space the uid of its pod. */
async function pods(): Promise<Map<string, string>> {
  const found = await kube.list('Pod');
  const alive = found.filter(({ metadata, status }) => !metadata.deletionTimestamp && status.phase === 'Running');
  return new Map(alive.map(({ metadata }) => [metadata.labels['knot.dev/space'], metadata.uid]));
}

it(`runs ${SPACES} spaces, puts back what others change of them, and is quiet when its leaf comes back`, async () => {
  const job = deployment({ pod: ON_FAKE_NODES.join('\n') });
  const exceptions = ['toleration:kwok'];
  const { id: template } = await origin.api.createTemplate({ name: 'fake', platform: 'kubernetes', job, exceptions });
  const ids: string[] = [];
  const names = Array.from({ length: SPACES }, (_, index) => `space-${index}`);
  await inParallel(8, names, async (name) => ids.push((await origin.api.createSpace(name, template, 'lon')).id));
  const begun = Date.now();
  await inParallel(32, ids, started);
  await untilRunning(SPACES);
  const took = (Date.now() - begun) / 1_000;
  const before = await pods();
  expect(before.size).toBe(SPACES);

  // somebody changes one of a hundred
  const changed = ids.slice(0, CHANGED);
  await inParallel(8, changed, (id) => kube.patch('Deployment', `knot-${id}`, EDIT, 'apps/v1'));
  await eventually(
    async () => {
      const found = await Promise.all(changed.map((id) => kube.find('Deployment', `knot-${id}`, 'apps/v1')));
      return found.filter(({ spec }) => spec.template.spec.containers[0].command[0] === 'sh').length;
    },
    (healed) => healed === CHANGED,
    { ...PATIENCE, what: 'all of them to be put back' },
  );
  await untilRunning(SPACES);
  const healed = await pods();
  expect(ids.filter((id) => !changed.includes(id) && healed.get(id) !== before.get(id))).toEqual([]);

  // the leaf comes back and looks at everything: nothing is written
  await leaf.process.terminate();
  const generations = await generationsOf();
  leaf = await leaf.restart();
  await locationReady(origin, 'lon', 'kubernetes');
  await eventually(
    async () => (await (await fetch(`${leaf.url}/metrics`)).text()).match(/^knot_leaf_queue_depth\{.*\} \d+$/gm) ?? [],
    (depths) => depths.length > 0 && depths.every((line) => line.endsWith(' 0')),
    { ...PATIENCE, what: 'the leaf to have looked at everything' },
  );
  await untilRunning(SPACES);
  expect(await generationsOf()).toEqual(generations);
  expect(await pods()).toEqual(healed);
  const mib = (pid: number) => Math.round(memoryOf(pid).rss / 2 ** 20);
  process.stderr.write(
    `[${SPACES} spaces] running after ${took.toFixed(0)} s; RSS origin ${mib(origin.process.pid)} MiB, leaf ${mib(leaf.process.pid)} MiB\n`,
  );

  const gone = ids.slice(0, 100);
  await inParallel(8, gone, async (id) => origin.api.deleteSpace(await origin.api.space(id)));
  await eventually(all, (left) => left.length === SPACES - 100, { ...PATIENCE, what: 'a hundred to be deleted' });
  expect((await pods()).size).toBe(SPACES - 100);
}, 3_600_000);

const EDIT = { spec: { template: { spec: { containers: [{ name: 'main', image: BUSYBOX, command: ['theirs'] }] } } } };

async function generationsOf(): Promise<Map<string, number>> {
  const found = await kube.list('Deployment', 'apps/v1');
  return new Map(found.map(({ metadata }) => [metadata.name, metadata.generation]));
}
