import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { startChild, type Child } from '../tools/child.js';
import { eventually } from '../tools/eventually.js';
import { getPart, goProgram } from '../tools/go-part.js';
import type { KubeClient } from '../tools/kube-client.js';
import { kubeconfig } from '../tools/kubernetes.js';
import { freshFolder } from '../tools/processes.js';
import { inParallel } from './in-parallel.js';
import type { Side } from './side.js';

/** As many reconcile at once as at a leaf. */
const WORKERS = '32';

export interface PeerSide extends Side {
  readonly process: Child;
}

/** A controller in Go: a wish is a ConfigMap, which it makes a Deployment of. */
export async function startKubernetesPeer(kube: KubeClient, deployment: string): Promise<PeerSide> {
  await getPart('peers');
  const folder = freshFolder('peer');
  const [config, template] = [join(folder, 'kubeconfig'), join(folder, 'deployment.json')];
  writeFileSync(config, kubeconfig(kube.access));
  writeFileSync(template, JSON.stringify(parse(deployment)));
  const where = ['--kubeconfig', config, '--namespace', kube.namespace, '--template', template, '--workers', WORKERS];
  const child = await startChild(goProgram('peers', 'kubernetes-peer'), where);
  await child.waitForLine(/^ready/m, { timeout: 60_000 });
  const wish = (name: string) => ({
    ...{ apiVersion: 'v1', kind: 'ConfigMap' },
    metadata: { name, labels: { peer: 'wish', 'peer/space': name } },
    data: { owner: 'ada', want: 'running' },
  });
  return {
    name: 'bare',
    process: child,
    prepare: (count) =>
      Promise.resolve(
        Array.from({ length: count }, () => {
          const job = `peer-${randomUUID()}`;
          return { job, start: async () => void (await kube.create(wish(job))) };
        }),
      ),
    async clear() {
      const wishes = await kube.list('ConfigMap', 'v1', 'peer=wish');
      await inParallel(8, wishes, ({ metadata }) => kube.delete('ConfigMap', metadata.name));
      await nothingIsThere(kube);
    },
  };
}

export async function nothingIsThere(kube: KubeClient): Promise<void> {
  await eventually(
    async () => (await kube.list('Deployment', 'apps/v1')).length + (await kube.list('Pod')).length,
    (left) => left === 0,
    { timeout: 600_000, interval: 1_000, what: `nothing to be in ${kube.namespace}` },
  );
}
