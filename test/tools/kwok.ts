import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startChild, type Child } from './child.js';
import { eventually } from './eventually.js';
import { getPart, goProgram } from './go-part.js';
import type { KubeClient } from './kube-client.js';
import { kubeconfig } from './kubernetes.js';
import { freshFolder, untilEnd } from './processes.js';

const FAKE = { 'kwok.x-k8s.io/node': 'fake' };
const ROOM = { cpu: '1000', memory: '1Ti', pods: '1000' };

/** What the spec of a pod says to run on a fake node, as YAML of one line each. */
export const ON_FAKE_NODES = [
  'nodeSelector: { type: kwok }',
  'tolerations: [{ key: kwok, operator: Exists, effect: NoSchedule }]',
];

/** Nodes that are none: their pods are said to run and are no processes. Each has room for 1,000. */
export async function startFakeNodes(client: KubeClient, count: number): Promise<Child> {
  await getPart('kwok');
  const config = join(freshFolder('kwok'), 'kubeconfig');
  writeFileSync(config, kubeconfig(client.access));
  const names = Array.from({ length: count }, (_, index) => `fake-${index}`);
  for (const name of names) {
    await client.create({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name, annotations: FAKE, labels: { type: 'kwok', 'kubernetes.io/hostname': name } },
      spec: { taints: [{ key: 'kwok', value: 'fake', effect: 'NoSchedule' }] },
      status: { capacity: ROOM, allocatable: ROOM },
    });
  }
  const nodes = ['--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake', '--node-lease-duration-seconds=40'];
  const args = ['--kubeconfig', config, ...nodes];
  const kwok = untilEnd(await startChild(goProgram('kwok', 'kwok'), args));
  const isReady = ({ type, status }: { type: string; status: string }) => type === 'Ready' && status === 'True';
  await eventually(
    async () => {
      const nodes = await client.list('Node', 'v1', 'type=kwok');
      return nodes.filter(({ status }) => status.conditions?.some(isReady)).length;
    },
    (ready) => ready === count,
    { timeout: 120_000, interval: 500, what: `${count} fake nodes` },
  );
  return kwok;
}
